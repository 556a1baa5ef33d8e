using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>
/// Users who connect and tokens that are refreshed, all the time until it is ended; and what each was told. An answer that is none of those
/// defined fails the test.
/// </summary>
internal sealed class UsersUnderLoad
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Stage _stage;
    private readonly ConcurrentDictionary<string, long> _told = [];
    private readonly Task _work;
    private int _connects;
    private int _refreshes;
    private volatile bool _ended;

    /// <param name="refreshed">Users who are connected already; their tokens live so short that each read finds them due.</param>
    public UsersUnderLoad(Stage stage, IEnumerable<string> refreshed)
    {
        _stage = stage;
        _work = Task.WhenAll([.. Enumerable.Range(0, 3)
            .Select(_ => RepeatAsync(ConnectAsync)), .. refreshed.Select(user => RepeatAsync(() => RefreshAsync(user)))]);
    }

    /// <summary>The users who got "connected", and the last version that each was given.</summary>
    public IReadOnlyDictionary<string, long> Told => _told;

    /// <summary>Waits for so many more of both kinds to succeed.</summary>
    public async Task SucceedsAsync(int times, string when)
    {
        var (connects, refreshes) = (_connects, _refreshes);
        await Eventually.BecomesTrueAsync(
            () =>
            {
                if (_work.IsFaulted) _work.GetAwaiter().GetResult();
                return _connects >= connects + times && _refreshes >= refreshes + times;
            },
            TimeSpan.FromSeconds(90),
            $"users connect and tokens are refreshed {when}");
    }

    /// <summary>Once all have been answered.</summary>
    public Task EndAsync()
    {
        _ended = true;
        return _work;
    }

    private async Task RepeatAsync(Func<Task> once)
    {
        while (!_ended)
        {
            await once();
            await Task.Delay(Pause);
        }
    }

    private async Task ConnectAsync()
    {
        var user = Fresh.User();
        using var begun = await _stage.ConnectAsync(Jwt.For(user));
        if (begun.StatusCode == HttpStatusCode.ServiceUnavailable) return;
        var redirect = await _stage.LandAsync((await AuthorizationUrl.ReadAsync(begun))["state"], Fresh.Code());
        if (redirect == CallbackRedirect.Success)
        {
            _told[user] = 1;
            Interlocked.Increment(ref _connects);
            return;
        }

        Assert.Contains(
            redirect, new[] { CallbackRedirect.Failure("temporarily_unavailable"), CallbackRedirect.Failure("provider_unavailable") });
    }

    private async Task RefreshAsync(string user)
    {
        var before = _told.GetOrAdd(user, 1);
        using var answer = await _stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/access-token");
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            var version = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("version").GetInt64();
            Assert.InRange(version, before, long.MaxValue);
            _told[user] = version;
            if (version > before) Interlocked.Increment(ref _refreshes);
            return;
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }
}
