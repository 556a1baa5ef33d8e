using System.Collections.Concurrent;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Refresh;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>
/// Two replicas on one database, and a provider that answers a refresh when the schedule says so. Each schedule has a user of its own.
/// </summary>
internal sealed class RaceStage : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static int _users;

    private readonly ScriptedProvider _provider;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<TokenReply>> _waiting = [];
    private readonly TokenDatabase _database;
    private readonly Replica[] _replicas;

    private RaceStage(TokenDatabase database, ScriptedProvider provider, params Replica[] replicas)
    {
        (_database, _provider, _replicas) = (database, provider, replicas);
        _provider.Answers(request => _waiting.GetOrAdd(
            $"{request.RefreshToken}#{_waiting.Count}", _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
    }

    public static async Task<RaceStage> StartAsync(TokenDatabase database)
    {
        var provider = ScriptedProvider.Start();
        return new RaceStage(
            database, provider, await Replica.OnAsync(database, provider.TokenUrl), await Replica.OnAsync(database, provider.TokenUrl));
    }

    /// <summary>Plays the schedule; returns what the model objects to, or null.</summary>
    public async Task<string?> PlayAsync(RaceStep[] steps)
    {
        var (user, model, calls, number) = ($"user-{Interlocked.Increment(ref _users)}", new RaceModel(), new List<Call>(), 0);
        _waiting.Clear();
        foreach (var step in steps.Append(RaceStep.AnswerOldest))
        {
            switch (step)
            {
                case RaceStep.Connect:
                    var grant = model.Connect();
                    await _replicas[0].ConnectAsync(user, $"a-{grant}-0", $"r-{grant}-0");
                    break;
                case RaceStep.Disconnect:
                    await _replicas[1].DisconnectAsync(user);
                    model.Disconnect();
                    break;
                case RaceStep.BeginAtOne or RaceStep.BeginAtTwo:
                    await BeginAsync(_replicas[step - RaceStep.BeginAtOne], user, calls);
                    break;
                case RaceStep.LeaseRunsOut:
                    await _database.LeaseRunsOutAsync(user);
                    break;
                default:
                    if (calls.Count == 0) break;
                    var call = calls[step == RaceStep.AnswerNewest ? ^1 : 0];
                    calls.Remove(call);
                    await AnswerAsync(
                        call, step == RaceStep.RefuseOldest ? TokenReply.Refusal("invalid_grant") : Tokens(call.RefreshToken, ++number));
                    break;
            }

            if (model.Objection(await RowAsync(user)) is { } objection) return $"after {step}: {objection}";
        }

        foreach (var call in calls.ToArray()) await AnswerAsync(call, Tokens(call.RefreshToken, ++number));
        return model.Objection(await RowAsync(user));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas) await replica.DisposeAsync();
        _provider.Dispose();
    }

    /// <summary>Goes on once the call has reached the provider, or once it is clear that there will be none.</summary>
    private async Task BeginAsync(Replica replica, string user, List<Call> calls)
    {
        var reading = await replica.Store.ReadAsync(Some.User(user), CancellationToken.None);
        // Another replica holds the lease: this one would only wait for its result.
        if (reading is null || reading.Connection.Reconnect is not null || reading.LeaseUntil >= reading.Now) return;
        var known = _waiting.Keys.ToHashSet();
        var refreshing = replica.TokenAsync(user, reading.Connection.Version);
        await Eventually.BecomesTrueAsync(
            () => refreshing.IsCompleted || _waiting.Keys.Any(key => !known.Contains(key)), Soon, "the refresh reaches the provider");
        if (_waiting.FirstOrDefault(one => !known.Contains(one.Key)) is { Value: { } answer } begun)
            calls.Add(new Call(begun.Key.Split('#')[0], answer, refreshing));
    }

    /// <summary>Goes on once the replica has drawn its conclusions.</summary>
    private static async Task AnswerAsync(Call call, TokenReply reply)
    {
        call.Answer.SetResult(reply);
        await call.Refreshing.WaitAsync(Soon);
    }

    /// <summary>Of the same grant as the refresh token that was sent.</summary>
    private static TokenReply Tokens(string refreshToken, int number) =>
        TokenReply.Tokens($"a-{refreshToken.Split('-')[1]}-{number}", $"r-{refreshToken.Split('-')[1]}-{number}");

    private async Task<(string, string)?> RowAsync(string user) =>
        await _replicas[0].RowAsync(user) is { } row ? (row.AccessToken!, row.RefreshToken!) : null;

    private sealed record Call(string RefreshToken, TaskCompletionSource<TokenReply> Answer, Task<AccessTokenResult> Refreshing);
}
