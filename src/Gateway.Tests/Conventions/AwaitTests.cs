using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>Own routes stay on the thread pool by a context that each <c>await</c> captures.</summary>
public sealed class AwaitTests
{
    [Fact]
    public void No_await_of_an_own_route_uses_ConfigureAwait()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Gateway, "Connect"), "*.cs", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(file) == "ThreadPoolSynchronizationContext.cs") continue;
            Assert.DoesNotContain("ConfigureAwait(", File.ReadAllText(file), StringComparison.Ordinal);
        }
    }
}
