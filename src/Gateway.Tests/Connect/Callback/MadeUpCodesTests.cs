using FathomGateway.Tests.Faults;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.Refresh;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>Accounts that bring codes which the provider has never issued.</summary>
public sealed class MadeUpCodesTests(RealStores stores)
{
    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Accounts_that_bring_made_up_codes_have_to_wait_and_no_other_user_does(string kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.LinkAsync("ann");
        var accounts = Enumerable.Range(0, 10).Select(_ => Fresh.User()).ToArray();
        var states = new List<string>();
        foreach (var account in accounts)
        {
            for (var i = 0; i < 5; i++) states.Add(await stage.StateAsync(account));
        }

        var redirects = await Task.WhenAll(states.Select(state => stage.LandAsync(state, $"made-up-{Fresh.Code()}")));

        var (waiting, refused) = (CallbackRedirect.Failure("temporarily_unavailable"), CallbackRedirect.Failure("exchange_failed"));
        Assert.All(redirects, redirect => Assert.True(redirect == waiting || redirect == refused, redirect));
        // Ten, and as many as were on their way when the tenth was refused: one of each account.
        Assert.InRange(redirects.Count(redirect => redirect == refused), 1, 20);
        // Users who connect for the first time are never delayed, and refreshes go on.
        await stage.LinkAsync(Fresh.User());
        var tokens = stage.Gateway.Services.GetRequiredService<FreshAccessToken>();
        Assert.Equal(
            2, Assert.IsType<AccessTokenResult.Granted>(await tokens.GetAsync(Some.User("ann"), 1, CancellationToken.None)).Version);
    }

    [Fact]
    public async Task A_user_who_has_to_wait_after_made_up_codes_keeps_state_and_code_and_connects_later()
    {
        await using var stage = await StartAsync(TokenDatabase.Postgres);
        var user = Fresh.User();
        for (var i = 0; i < 3; i++)
            Assert.Equal(CallbackRedirect.Failure("exchange_failed"), await stage.LandAsync(await stage.StateAsync(user), $"made-up-{i}"));
        var (state, code) = (await stage.StateAsync(user), Fresh.Code());

        Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), await stage.LandAsync(state, code));
        Assert.Equal(0, stage.Exchanges(code));
        await _ageAsync!(TokenBudget.Window + TimeSpan.FromSeconds(1));

        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
    }

    [Fact]
    public async Task Made_up_codes_delay_no_user_and_are_not_recorded_without_a_budget()
    {
        await using var stage = await StartAsync(TokenDatabase.Postgres, ("FATHOM_TOKEN_BUDGET", "0"));
        var user = Fresh.User();
        for (var i = 0; i < 5; i++)
            Assert.Equal(CallbackRedirect.Failure("exchange_failed"), await stage.LandAsync(await stage.StateAsync(user), $"made-up-{i}"));

        Assert.Equal(0L, await PostgresTestDatabase.QueryAsync(
            _url!, "SELECT (SELECT count(*) FROM fathom_exchanges) + (SELECT count(*) FROM fathom_token_calls)"));
    }

    private string? _url;
    private Func<TimeSpan, Task>? _ageAsync;

    private async Task<Stage> StartAsync(string kind, params (string Name, string? Value)[] changes)
    {
        var settings = TestSettings.Embedded(changes);
        if (kind == TokenDatabase.Postgres)
        {
            _url = await stores.NewDatabaseAsync();
            settings = TestSettings.OnRealStores(await stores.RedisAsync(), _url, changes);
            _ageAsync = by => PostgresTestDatabase.QueryAsync(
                _url, $"UPDATE fathom_exchanges SET called_at = called_at - interval '{by.TotalSeconds} s'");
        }

        var stage = await Stage.StartAsync(settings);
        stage.Provider.Answers(request => Task.FromResult(
            request.Code?.StartsWith("made-up", StringComparison.Ordinal) == true
                ? TokenReply.Refusal("invalid_grant")
                : stage.Provider.NewTokens()));
        await stage.WarmUpAsync();
        return stage;
    }
}
