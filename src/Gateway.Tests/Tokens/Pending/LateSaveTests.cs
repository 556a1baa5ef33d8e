using FathomGateway.Fathom;
using FathomGateway.Tests.Flow;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Pending;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Tokens.Pending;

/// <summary>
/// An exchange that takes its full ten seconds, by a clock that the test moves, and what is left of the callback's fifteen for the save.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class LateSaveTests
{
    private const string NotNow = "/dashboard?fathom_successful=false&fathom_error=temporarily_unavailable";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task A_callback_is_answered_within_fifteen_seconds_of_the_redeem_and_the_saving_goes_on_F11()
    {
        await using var stage = await PendingTokensStage.StartAsync(_clock);
        stage.WhenTokensAreIssued(() =>
        {
            stage.Postgres.Kill();
            _clock.Advance(ClientForm.Timeout);
        });
        var callback = ConnectFlow.ReturnAsync(stage.One, await ConnectFlow.BeginAsync(stage.One, "ann"));
        await Eventually.BecomesTrueAsync(
            () => stage.One.Log.ToString().Contains("could not be saved; trying again", StringComparison.Ordinal),
            PendingTokensStage.Recovery,
            "the save has failed");

        // Nothing but the five seconds that are left is needed for the answer.
        await PassAsync(TimeSpan.FromSeconds(5), callback);
        Assert.Equal(NotNow, await callback);

        // The saving has five more of its ten, and ends as it does without a caller.
        await stage.WaitInRedisAsync(0);
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                _clock.Advance(Step);
                return await stage.Two.Services.GetRequiredService<PendingTokenStore>().CountAsync() == 1;
            },
            PendingTokensStage.Recovery,
            "the tokens wait in Redis");
        await stage.Postgres.RestartAsync();
        await stage.IsStoredAsync("ann", "access-1");
    }

    [Fact]
    public async Task A_save_that_succeeds_after_its_caller_was_answered_is_audited_as_late_F11()
    {
        await using var stage = await PendingTokensStage.StartAsync(_clock);
        var issued = new TaskCompletionSource();
        stage.WhenTokensAreIssued(() =>
        {
            stage.Postgres.Suspend();
            _clock.Advance(ClientForm.Timeout);
            issued.SetResult();
        });
        var callback = ConnectFlow.ReturnAsync(stage.One, await ConnectFlow.BeginAsync(stage.One, "ann"));
        await issued.Task.WaitAsync(PendingTokensStage.Recovery);

        await PassAsync(TimeSpan.FromSeconds(8), callback);
        Assert.Equal(NotNow, await callback);
        stage.Postgres.Resume();

        await Eventually.BecomesTrueAsync(
            () =>
            {
                _clock.Advance(Step);
                return $"{stage.One.Log}{stage.Two.Log}".Contains("by an attempt that had been refused", StringComparison.Ordinal);
            },
            PendingTokensStage.Recovery,
            "the audit log has it");
        await stage.IsStoredAsync("ann", "access-1");
    }

    [Fact]
    public async Task A_database_that_serves_is_waited_for_after_the_slowest_exchange_F11()
    {
        using var provider = ScriptedProvider.Start();
        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(provider.Settings), _clock);
        provider.Answers(_ =>
        {
            // More than any caller has left.
            _clock.Advance(TimeSpan.FromSeconds(20));
            return Task.FromResult(provider.NewTokens());
        });

        Assert.Equal(
            "/dashboard?fathom_successful=true", await ConnectFlow.ReturnAsync(gateway, await ConnectFlow.BeginAsync(gateway, "ann")));
    }

    /// <summary>
    /// Lets so much time pass, or less if the callback is answered before. In steps, for a wait may begin a moment after what the test has
    /// seen.
    /// </summary>
    private Task PassAsync(TimeSpan time, Task callback) => Eventually.BecomesTrueAsync(
        () =>
        {
            if (time > TimeSpan.Zero && !callback.IsCompleted) _clock.Advance(Step);
            time -= Step;
            return callback.IsCompleted;
        },
        PendingTokensStage.Recovery,
        "the callback is answered");
}
