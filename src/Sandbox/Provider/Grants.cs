using FathomGateway.Sandbox.Hosting;

namespace FathomGateway.Sandbox.Provider;

/// <summary>Access and refresh tokens, opaque and kept in memory.</summary>
/// <remarks>A refresh token works once; its reuse revokes the grant (RFC 9700 §4.14.2).</remarks>
internal sealed class Grants(ProviderSettings settings, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (Grant Grant, DateTimeOffset Expires)> _accessTokens = [];
    private readonly Dictionary<string, Grant> _refreshTokens = [];
    private readonly HashSet<string> _spent = [];

    /// <summary>A new pair of tokens under a grant.</summary>
    public IssuedTokens IssueTokens(Grant grant)
    {
        var tokens = new IssuedTokens(Secret.New("at_"), (int)settings.AccessTokenLifetime.TotalSeconds, Secret.New("rt_"));
        lock (_lock)
        {
            _accessTokens[tokens.AccessToken] = (grant, clock.GetUtcNow() + settings.AccessTokenLifetime);
            _refreshTokens[tokens.RefreshToken] = grant;
        }
        return tokens;
    }

    /// <summary>Exchanges a refresh token for a new pair (RFC 6749 §6), or returns null.</summary>
    public IssuedTokens? Refresh(string refreshToken)
    {
        lock (_lock)
        {
            if (!_refreshTokens.TryGetValue(refreshToken, out var grant))
                return null;
            if (!_spent.Add(refreshToken))
                grant.Revoke();
            return grant.Revoked ? null : IssueTokens(grant);
        }
    }

    /// <summary>Expires every access token. Refresh tokens stay valid.</summary>
    public void ExpireAccessTokens()
    {
        lock (_lock)
            _accessTokens.Clear();
    }

    /// <summary>The account whose meetings this access token can read; null for an invalid token.</summary>
    public Account? AccountOf(string accessToken)
    {
        lock (_lock)
        {
            var opens = _accessTokens.TryGetValue(accessToken, out var token) && !token.Grant.Revoked && token.Expires > clock.GetUtcNow();
            return opens ? token.Grant.Account : null;
        }
    }
}
