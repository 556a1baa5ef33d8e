using System.Diagnostics;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>
/// A strict provider: a code and a refresh token work once, and a spent refresh token ends the grant. Its access tokens say
/// whose they are, and of which attempt. It knows which answers it spoiled itself, and so which tokens the gateway has lost without an
/// excuse.
/// </summary>
internal sealed class SoakProvider : IDisposable
{
    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Grant> _grants = [];
    private int _issued;

    public SoakProvider()
    {
        // A request log that grows would be taken for a leak of the machine's memory.
        _provider.Server.SetMaxRequestLogCount(10);
        _provider.Answers(AnswerAsync);
    }

    public (string Name, string? Value)[] Settings => _provider.Settings;

    /// <summary>Spoils what is sent, after it was acted upon: null to answer as it should.</summary>
    public Func<TokenReply, TokenReply>? Spoils { get; set; }

    /// <summary>
    /// Told of each spent refresh token that came again, with the time at which the newer one was sent in full; null where that answer was
    /// spoiled.
    /// </summary>
    public Action<string, long?> Reused { get; set; } = (_, _) => { };

    /// <summary>Told of each code that came again.</summary>
    public Action<string> CodeReused { get; set; } = _ => { };

    public static TokenReply Slow(TokenReply reply) => reply with { Delay = TimeSpan.FromSeconds(12) };

    public static TokenReply Unavailable(TokenReply reply) => new() { Status = 503 };

    public static TokenReply Limited(TokenReply reply) =>
        new() { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "2" } };

    /// <summary>Whether the grant of this code is still honoured.</summary>
    public bool IsLive(string code)
    {
        lock (_gate) return _grants.TryGetValue(code, out var grant) && grant.RefreshToken is not null;
    }

    public void Dispose() => _provider.Dispose();

    private Task<TokenReply> AnswerAsync(TokenRequest request)
    {
        var spoils = Spoils;
        // A provider that refuses to serve spends nothing.
        if (spoils is not null && spoils(new TokenReply()) is { Status: not 200 } refused) return Task.FromResult(refused);
        lock (_gate)
        {
            var reply = request.GrantType == "refresh_token"
                ? Refresh(request.RefreshToken, spoils is not null)
                : Exchange(request.Code, spoils is not null);
            return Task.FromResult(spoils?.Invoke(reply) ?? reply);
        }
    }

    /// <summary>The code is user and attempt.</summary>
    private TokenReply Exchange(string code, bool spoiled)
    {
        if (!_grants.ContainsKey(code)) return Issue(code, spoiled);
        CodeReused(code);
        return TokenReply.Refusal("invalid_grant");
    }

    private TokenReply Refresh(string token, bool spoiled)
    {
        var code = token[..token.LastIndexOf('.')];
        var grant = _grants[code];
        if (grant.RefreshToken == token) return Issue(code, spoiled);
        if (grant.RefreshToken is not null) Reused(code, grant.SentAt);
        _grants[code] = new Grant(null, null);
        return TokenReply.Refusal("invalid_grant");
    }

    private TokenReply Issue(string code, bool spoiled)
    {
        var number = ++_issued;
        _grants[code] = new Grant($"{code}.{number}", spoiled ? null : Stopwatch.GetTimestamp());
        return TokenReply.Tokens($"access.{code}.{number}", $"{code}.{number}", 120);
    }

    /// <param name="RefreshToken">The one that works; null when the grant has ended.</param>
    /// <param name="SentAt">When it was sent in full; null where the answer was spoiled.</param>
    private readonly record struct Grant(string? RefreshToken, long? SentAt);
}
