using FathomGateway.Tests.Kit;
using WireMock.ResponseBuilders;

namespace FathomGateway.Tests.Soak;

/// <summary>A strict provider: a refresh token works once, and whoever brings one again ends the grant. Its access tokens say whose they are, and of which attempt.</summary>
internal sealed class SoakProvider : IDisposable
{
    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _live = [];
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

    /// <summary>Grants that ended because a spent refresh token came again.</summary>
    public int Reused { get; private set; }

    public static TokenReply Slow(TokenReply reply) => reply with { Delay = TimeSpan.FromSeconds(12) };

    public static TokenReply Unavailable(TokenReply reply) => new() { Status = 503 };

    public static TokenReply Limited(TokenReply reply) => new() { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "2" } };

    public static TokenReply Garbled(TokenReply reply) => reply with { Fault = FaultType.MALFORMED_RESPONSE_CHUNK };

    public void Dispose() => _provider.Dispose();

    private Task<TokenReply> AnswerAsync(TokenRequest request)
    {
        // A provider that refuses to serve spends nothing.
        if (Spoils is { } refuses && refuses(new TokenReply()).Status != 200) return Task.FromResult(refuses(new TokenReply()));
        var reply = request.GrantType == "refresh_token" ? Refresh(request.RefreshToken) : Issue(request.Code);
        return Task.FromResult(Spoils?.Invoke(reply) ?? reply);
    }

    /// <summary>The code is user and attempt.</summary>
    private TokenReply Issue(string grant)
    {
        lock (_gate)
        {
            var number = ++_issued;
            _live[grant] = $"{grant}.{number}";
            return TokenReply.Tokens($"access.{grant}.{number}", _live[grant], 120);
        }
    }

    private TokenReply Refresh(string token)
    {
        var grant = token[..token.LastIndexOf('.')];
        lock (_gate)
        {
            if (_live.GetValueOrDefault(grant) == token) return Issue(grant);
            if (_live.Remove(grant)) Reused++;
            return TokenReply.Refusal("invalid_grant");
        }
    }
}
