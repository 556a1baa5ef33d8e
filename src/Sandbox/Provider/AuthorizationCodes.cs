using FathomGateway.Sandbox.Hosting;

namespace FathomGateway.Sandbox.Provider;

/// <summary>Authorization codes: each lives ten minutes and works once (RFC 6749 §4.1.2).</summary>
internal sealed class AuthorizationCodes(Grants grants, TimeProvider clock)
{
    /// <summary>The maximum that RFC 6749 §4.1.2 recommends.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Code> _codes = [];

    /// <summary>A new code for a request that the owner of an account has allowed.</summary>
    public string Issue(AuthorizationRequest request, Account account)
    {
        var code = Secret.New("code_");
        lock (_lock)
            _codes[code] = new Code(request, account, clock.GetUtcNow() + Lifetime);
        return code;
    }

    /// <summary>
    /// Exchanges a code for tokens, or returns null. The first use invalidates a code, whether it succeeds or not.
    /// A second use revokes the tokens of the first one (RFC 6749 §4.1.2).
    /// </summary>
    public IssuedTokens? Exchange(string value, string? redirectUri, string? verifier)
    {
        lock (_lock)
        {
            if (!_codes.TryGetValue(value, out var code))
                return null;
            if (code.Spent)
            {
                code.Grant?.Revoke();
                return null;
            }

            code.Spent = true;
            var isOver = code.Expires <= clock.GetUtcNow();
            if (isOver || redirectUri != code.Request.RedirectUri || !Pkce.Proves(verifier, code.Request.CodeChallenge))
                return null;
            code.Grant = new Grant(code.Account);
            return grants.IssueTokens(code.Grant);
        }
    }

    private sealed class Code(AuthorizationRequest request, Account account, DateTimeOffset expires)
    {
        public AuthorizationRequest Request { get; } = request;
        public Account Account { get; } = account;
        public DateTimeOffset Expires { get; } = expires;
        public bool Spent { get; set; }
        public Grant? Grant { get; set; }
    }
}
