using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.Databases;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class ExchangeBudgetTests
{
    [Fact]
    public async Task Exchanges_count_in_the_budget_and_are_never_held_back_F23()
    {
        await using var stage = await Stage.StartAsync(("FATHOM_TOKEN_BUDGET", "4"));
        for (var i = 0; i < 4; i++) await stage.LinkAsync(Fresh.User());

        // They are counted beside the exchanges, not before.
        await Eventually.BecomesTrueAsync(async () => await CallsAsync(stage) == 4, TimeSpan.FromSeconds(30), "the exchanges are counted");
        // Half of it is always for refreshes.
        for (var i = 0; i < 2; i++) Assert.Null(await Budget(stage).TakeAsync(CancellationToken.None));
        Assert.NotNull(await Budget(stage).TakeAsync(CancellationToken.None));
        await stage.LinkAsync(Fresh.User());
    }

    [Fact]
    [Trait("Gateway", "InProcess")]
    public async Task A_429_on_an_exchange_pauses_the_refreshes_of_the_whole_app_F12()
    {
        await using var stage = await Stage.StartAsync(("FATHOM_TOKEN_BUDGET", "0"));
        Assert.Null(await Budget(stage).TakeAsync(CancellationToken.None));
        stage.Provider.AnswersNext(new TokenReply { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "200" } });

        Assert.Equal(
            CallbackRedirect.Failure("provider_unavailable"), await stage.LandAsync(await stage.StateAsync(Fresh.User()), Fresh.Code()));

        Assert.InRange((await Budget(stage).TakeAsync(CancellationToken.None))!.Value, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(200));
        // Stored, so that another replica would hold too.
        Assert.InRange(
            (await stage.Gateway.Services.GetRequiredService<TokenCallStore>().TakeAsync(50, CancellationToken.None))!.Value,
            TimeSpan.FromSeconds(60),
            TimeSpan.FromSeconds(200));
        // A user who connects meanwhile is not held back.
        await stage.LinkAsync(Fresh.User());
    }

    private static async Task<long> CallsAsync(Stage stage)
    {
        await using var connection = stage.Gateway.Services.GetRequiredService<SqliteFile>().Open();
        return await connection.FindAsync(
            "SELECT (SELECT count(*) FROM fathom_token_calls) + (SELECT count(*) FROM fathom_exchanges)", null, row => row.GetInt64(0));
    }

    private static TokenBudget Budget(Stage stage) => stage.Gateway.Services.GetRequiredService<TokenBudget>();
}
