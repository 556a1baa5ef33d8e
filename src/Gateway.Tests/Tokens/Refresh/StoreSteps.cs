using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Pending;
using Microsoft.Extensions.DependencyInjection;

namespace FathomGateway.Tests.Tokens.Refresh;

internal static class StoreSteps
{
    /// <summary>As a callback does it, without the browser.</summary>
    public static Task StoreAsync(this GatewayUnderTest gateway, string user, string accessToken, string refreshToken) => gateway.Services
        .GetRequiredService<ConnectionWriter>()
        .StoreAsync(
            Some.User(user),
            new TokenSet(accessToken, refreshToken, null, TimeSpan.FromHours(1)),
            ConnectionRows.AfterAll,
            PendingTokens.CallerTimeout);
}
