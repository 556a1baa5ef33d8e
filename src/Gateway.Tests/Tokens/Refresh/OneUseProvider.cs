using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>A strict provider: a refresh token works once, and its second use revokes the whole family.</summary>
internal sealed class OneUseProvider : IDisposable
{
    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private readonly Lock _gate = new();
    private readonly HashSet<string> _live;
    private int _issued;

    /// <param name="first">The refresh token that the connection begins with.</param>
    public OneUseProvider(string first)
    {
        _live = [first];
        _provider.Answers(AnswerAsync);
    }

    public string TokenUrl => _provider.TokenUrl;

    public (string Name, string? Value)[] Settings => _provider.Settings;

    /// <summary>How many refreshes have reached the provider.</summary>
    public int Calls => _provider.TokenRequests.Count;

    /// <summary>What comes before the token is looked at.</summary>
    public Func<int, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>What comes between spending the token and answering.</summary>
    public Func<int, Task> After { get; set; } = _ => Task.Delay(300);

    public void Dispose() => _provider.Dispose();

    private async Task<TokenReply> AnswerAsync(TokenRequest request)
    {
        var call = Calls;
        await Before(call);
        var reply = Spend(request.RefreshToken);
        await After(call);
        return reply;
    }

    private TokenReply Spend(string refreshToken)
    {
        lock (_gate)
        {
            if (!_live.Remove(refreshToken))
            {
                _live.Clear();
                return TokenReply.Refusal("invalid_grant");
            }

            _issued++;
            _live.Add($"refresh-{_issued}");
            return TokenReply.Tokens($"access-{_issued}", $"refresh-{_issued}");
        }
    }
}
