using FathomGateway.Tests.Kit;
using Xunit;

// What all tests of a run share. A test class asks for one in its constructor; nothing starts before a test uses it.
[assembly: AssemblyFixture(typeof(RealStores))]
[assembly: AssemblyFixture(typeof(Browser))]
