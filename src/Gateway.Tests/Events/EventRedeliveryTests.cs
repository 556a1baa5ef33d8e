using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>A redelivery that is asked for while an attempt of the same user is under way.</summary>
public sealed class EventRedeliveryTests(RealStores stores)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>Asks for a pause that is longer than the test.</summary>
    private static readonly string Refusal = EventReceiver.Status(500, "Retry-After: 80000\r\n");

    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_event_that_is_redelivered_during_its_attempt_is_tried_at_once_like_a_new_one(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        AnswersLate(stage, attempt: 1);
        await stage.Stage.LinkAsync("ann");
        await IsTriedAsync(stage, attempts: 1);

        await RedeliverAsync(stage, await stage.RowOfAsync("ann"));
        _answer.SetResult(Refusal);

        await stage.BecomesAsync("ann", "delivered");
        Assert.Equal(2, stage.Receiver.Count);
        // The attempt from before the redelivery does not count.
        Assert.Equal(1, (await stage.RowOfAsync("ann")).Attempts);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_event_that_is_redelivered_during_the_attempt_of_a_later_one_is_tried_at_once(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        AnswersLate(stage, attempt: 2);
        await stage.Stage.LinkAsync("ann");
        await stage.BecomesAsync("ann", "delivered");
        await stage.Stage.LinkAsync("ann");
        await IsTriedAsync(stage, attempts: 2);

        await RedeliverAsync(stage, (await stage.RowsAsync())[0]);
        _answer.SetResult(Refusal);

        await stage.BecomesAsync("ann", "delivered");
        Assert.Equal([1L, 2L, 1L, 2L], stage.Receiver.Received.Select(one => one.Version));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_event_that_is_redelivered_during_its_last_attempt_does_not_rest(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        stage.Receiver.Answers(Refusal);
        await stage.Stage.LinkAsync("ann");
        await stage.IsAsync(rows => rows.Single().Attempts == 1, "it was tried");
        AnswersLate(stage, attempt: 2);
        await stage.Database.ExecuteAsync($"UPDATE fathom_events SET attempts = 60, created_at = {stage.Before("270000")}");
        await stage.IsDueAsync("ann");
        await IsTriedAsync(stage, attempts: 2);

        await RedeliverAsync(stage, await stage.RowOfAsync("ann"));
        _answer.SetResult(Refusal);

        await stage.BecomesAsync("ann", "delivered");
        Assert.DoesNotContain("no longer retried", $"{stage.Gateway.Log}", StringComparison.Ordinal);
    }

    /// <summary>The receiver may have been mended after it had taken the event.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_event_that_is_redelivered_during_an_attempt_that_succeeds_is_delivered_once_more(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        AnswersLate(stage, attempt: 1);
        await stage.Stage.LinkAsync("ann");
        await IsTriedAsync(stage, attempts: 1);

        await RedeliverAsync(stage, await stage.RowOfAsync("ann"));
        _answer.SetResult(EventReceiver.Ok);

        await stage.Receiver.CameAgainAsync(stage.Receiver.Received[0].Id);
        await stage.BecomesAsync("ann", "delivered");
        Assert.Equal(1, (await stage.RowOfAsync("ann")).Attempts);
    }

    /// <summary>As after a fail-over to a database whose clock is behind.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_redelivery_with_a_time_in_the_future_does_not_prevail(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        AnswersLate(stage, attempt: 1);
        await stage.Stage.LinkAsync("ann");
        await IsTriedAsync(stage, attempts: 1);

        await stage.Database.ExecuteAsync($"UPDATE fathom_events SET redelivered_at = {stage.Before("-3600")}");
        _answer.SetResult(Refusal);

        await stage.IsAsync(rows => rows.Single().LastResult == "status 500", "the failure is recorded");
        var row = await stage.RowOfAsync("ann");
        Assert.Equal((1, "waiting"), (row.Attempts, row.Status));
        Assert.True(row.DueAt > row.Now.AddHours(1), $"due at {row.DueAt}");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task IsTriedAsync(EventStage stage, int attempts) =>
        Eventually.BecomesTrueAsync(() => stage.Receiver.Count == attempts, Soon, "an attempt is under way");

    private static async Task RedeliverAsync(EventStage stage, StoredEvent row) =>
        Assert.True(await stage.Outbox.RedeliverAsync(row.Seq, row.Suffix, Cancel));

    /// <summary>This attempt gets its answer when the test gives it.</summary>
    private void AnswersLate(EventStage stage, int attempt) =>
        stage.Receiver.Answer = _ => stage.Receiver.Count == attempt ? _answer.Task : Task.FromResult(EventReceiver.Ok);
}
