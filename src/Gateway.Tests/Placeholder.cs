namespace FathomGateway.Tests;
