using FathomGateway.Tests.Kit;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

public sealed class RaceTests(RealStores stores)
{
    private const int Schedules = 60, MaxScheduleLength = 14;

    /// <summary>The same schedules; on PostgreSQL, with a connection and a commit for each step, they take a minute.</summary>
    public static IEnumerable<TheoryDataRow<string>> Databases => [new(
        TokenDatabase.Sqlite), new TheoryDataRow<string>(TokenDatabase.Postgres).WithTrait("Speed", "Slow")];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_disconnect_or_newer_connect_beats_an_older_refresh_in_any_interleaving_T36(string kind)
    {
        await using var stage = await RaceStage.StartAsync(await TokenDatabase.CreateAsync(stores, kind));
        var schedule = Gen.Elements(Enum.GetValues<RaceStep>())
            .ArrayOf()
            .Resize(MaxScheduleLength)
            .Select(steps => (RaceStep[])[RaceStep.Connect, .. steps]);

        // FsCheck's own loop is synchronous; here it may have a thread to itself.
        await Task.Run(
            () => Prop.ForAll(
                Arb.From(schedule, Shorter),
                steps => stage.PlayAsync(steps).GetAwaiter().GetResult() is not { } objection ? true.ToProperty() : false.Label(objection))
                .Check(Config.QuickThrowOnFailure.WithMaxTest(Schedules)),
            TestContext.Current.CancellationToken);
    }

    /// <summary>A failing schedule is shown without the steps that it does not need.</summary>
    private static IEnumerable<RaceStep[]> Shorter(RaceStep[] steps) =>
        Enumerable.Range(0, steps.Length).Select(left => steps.Where((_, i) => i != left).ToArray());
}
