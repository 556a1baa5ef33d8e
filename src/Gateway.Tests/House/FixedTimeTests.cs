using Xunit;

namespace FathomGateway.Tests.House;

/// <summary>The places that compare what a stranger brings with what only we know. That there are no others is a matter of review.</summary>
public sealed class FixedTimeTests
{
    [Theory]
    [InlineData("State/SignedState.cs")]
    [InlineData("Internal/InternalApiKey.cs")]
    [InlineData("Connect/Clients/ClientInfo.cs")]
    public void Secrets_are_compared_in_fixed_time_T34(string file) =>
        Assert.Contains("CryptographicOperations.FixedTimeEquals(", File.ReadAllText(Path.Combine(Repository.Gateway, file)), StringComparison.Ordinal);
}
