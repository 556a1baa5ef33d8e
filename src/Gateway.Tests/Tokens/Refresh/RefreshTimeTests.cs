using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Refresh;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

public sealed class RefreshTimeTests(RealStores stores)
{
    public static TheoryData<string, int, int, bool> Lives()
    {
        var data = new TheoryData<string, int, int, bool>();
        foreach (var kind in TokenDatabase.Both)
        {
            // Life, seconds that have passed, whether it is due. A minute of room, for a slow machine.
            data.Add(kind, 3600, 0, false);
            data.Add(kind, 3600, 3600 - 360, false);
            data.Add(kind, 3600, 3600 - 299, true);
            data.Add(kind, 3600, 4000, true);
            data.Add(kind, 599, 0, false);
            data.Add(kind, 599, 230, false);
            data.Add(kind, 599, 301, true);
            data.Add(kind, 240, 0, false);
            data.Add(kind, 240, 121, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public async Task A_token_is_refreshed_in_its_last_five_minutes_or_past_half_of_a_short_life(
        string kind, int life, int passed, bool due)
    {
        using var provider = ScriptedProvider.Start();
        var database = await TokenDatabase.CreateAsync(stores, kind);
        await using var replica = await Replica.OnAsync(database, provider.TokenUrl);
        await replica.ConnectAsync("ann", "old", "r", life);
        await database.AgeAsync("ann", TimeSpan.FromSeconds(passed));

        var token = Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann"));

        Assert.Equal(due ? ("access-1", 2L, 1) : ("old", 1L, 0), (token.AccessToken, token.Version, provider.TokenRequests.Count));
        Assert.Equal((await replica.RowAsync("ann"))!.Value.Row.ExpiresAt, token.ExpiresAt);
    }

    [Theory]
    [InlineData(1, "access-1", 2)]
    [InlineData(0, "old", 1)]
    [InlineData(2, "old", 1)]
    [InlineData(null, "old", 1)]
    public async Task A_rejected_version_causes_a_refresh_only_if_it_is_the_rows_own(int? rejected, string accessToken, long version)
    {
        using var provider = ScriptedProvider.Start();
        await using var replica = await Replica.OnAsync(await TokenDatabase.CreateAsync(stores, TokenDatabase.Sqlite), provider.TokenUrl);
        await replica.ConnectAsync("ann", "old", "r");

        var token = Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann", rejected));

        Assert.Equal((accessToken, version), (token.AccessToken, token.Version));
        // The second to say so is given what the first one got.
        Assert.Equal(token, await replica.TokenAsync("ann", rejected));
        Assert.Equal(version - 1, provider.TokenRequests.Count);
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task A_replica_whose_clock_is_five_minutes_off_refreshes_when_the_others_do_F22(int minutes)
    {
        using var provider = ScriptedProvider.Start();
        var database = await TokenDatabase.CreateAsync(stores, TokenDatabase.Postgres);
        await using var replica =
            await Replica.OnAsync(database, provider.TokenUrl, clock: new FakeTimeProvider(DateTimeOffset.UtcNow.AddMinutes(minutes)));
        await replica.ConnectAsync("ann", "old", "r");
        await database.AgeAsync("ann", TimeSpan.FromSeconds(3600 - 360));

        Assert.Equal("old", Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann")).AccessToken);

        await database.AgeAsync("ann", TimeSpan.FromSeconds(62));
        var token = Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann"));
        Assert.Equal("access-1", token.AccessToken);
        Assert.Equal(DateTimeOffset.UtcNow.AddHours(1), token.ExpiresAt, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_token_read_of_a_user_who_is_not_connected_says_so()
    {
        using var provider = ScriptedProvider.Start();
        await using var replica = await Replica.OnAsync(await TokenDatabase.CreateAsync(stores, TokenDatabase.Sqlite), provider.TokenUrl);

        Assert.IsType<AccessTokenResult.NotConnected>(await replica.TokenAsync("ann"));
    }
}
