using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Refresh;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Flow;

/// <summary>A replica whose users connect and whose backend asks for tokens all the time, until it is drained.</summary>
internal sealed class BusyReplica : IAsyncDisposable
{
    private const int MaxConnects = 4;

    private readonly Stage _stage;
    private readonly string[] _users;
    private readonly CancellationTokenSource _drain = new();
    private readonly Task _load;
    private int _rounds;

    private BusyReplica(Stage stage, string[] users)
    {
        _stage = stage;
        _users = users;
        _load = Task.Run(WorkAsync);
    }

    /// <summary>What a reader got that was no token of that user.</summary>
    public List<string> Failures { get; } = [];

    public static async Task<BusyReplica> StartAsync(Dictionary<string, string?> settings, string[] users)
    {
        var stage = await Stage.StartAsync(settings);
        // Each token says whose it is.
        stage.Provider.Answers(request => Task.FromResult(TokenReply.Tokens($"access-of-{request.Code}", $"refresh-of-{request.Code}")));
        return new BusyReplica(stage, users);
    }

    /// <summary>Waits until every user has been connected and read again, from now on.</summary>
    public Task WorksAsync()
    {
        var seen = Volatile.Read(ref _rounds);
        return Eventually.BecomesTrueAsync(
            () => _load.IsCompleted || Volatile.Read(ref _rounds) > seen + 1, TimeSpan.FromMinutes(2), "the replica serves");
    }

    /// <summary>Ends the load in good order, then the replica: what fails before that has failed for a user.</summary>
    public async ValueTask DisposeAsync()
    {
        await _drain.CancelAsync();
        await _load;
        await _stage.DisposeAsync();
        _drain.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!_drain.IsCancellationRequested)
        {
            foreach (var user in _users)
            {
                await ReadAsync(user);
                // No user may connect more often in a minute.
                if (_rounds < MaxConnects) await ConnectAsync(user);
            }

            var guest = $"guest-{Guid.NewGuid():n}";
            await ConnectAsync(guest);
            await ReadAsync(guest);
            Interlocked.Increment(ref _rounds);
        }
    }

    private async Task ConnectAsync(string user)
    {
        var (state, code) = (await _stage.StateAsync(user), $"{user}.{Guid.NewGuid():n}");
        var landed =
            await RetryClient.AskAsync(
                () => _stage.LandAsync(state, code), redirect => redirect == CallbackRedirect.Failure("temporarily_unavailable"));
        if (landed != CallbackRedirect.Success) Failures.Add($"{user} landed at {landed}");
    }

    private async Task ReadAsync(string user)
    {
        var tokens = _stage.Gateway.Services.GetRequiredService<FreshAccessToken>();
        var result = await RetryClient.AskAsync(
            () => tokens.GetAsync(Some.User(user), null, TestContext.Current.CancellationToken),
            answer => answer is AccessTokenResult.Unavailable);
        if (result is not AccessTokenResult.Granted granted) Failures.Add($"{user} was told {result}");
        else if (!granted.AccessToken.StartsWith($"access-of-{user}.", StringComparison.Ordinal))
            Failures.Add($"{user} was given the token of another");
    }
}
