using FathomGateway.Keys;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

public sealed class DisconnectionTests(RealStores stores)
{
    [Theory]
    [InlineData("r1", 200, DisconnectResult.Revoked, "r1")]
    [InlineData(null, 200, DisconnectResult.Revoked, "a1")]
    [InlineData("r1", 503, DisconnectResult.NotRevoked, "r1")]
    public async Task A_disconnect_deletes_the_row_and_reports_the_revocation(
        string? refreshToken, int status, object expected, string told)
    {
        using var provider = ScriptedProvider.Start();
        using var endpoint = new RevocationEndpoint(provider, status);
        await using var replica =
            await Replica.OnAsync(await TokenDatabase.CreateAsync(stores, TokenDatabase.Sqlite), provider.TokenUrl, provider.RevokeUrl);
        await replica.ConnectAsync("ann", "a1", refreshToken);

        Assert.Equal(expected, await replica.DisconnectAsync("ann"));

        Assert.Null(await replica.RowAsync("ann"));
        Assert.Equal([told], endpoint.Tokens);
        Assert.Equal(DisconnectResult.NotConnected, await replica.DisconnectAsync("ann"));
    }

    [Fact]
    public async Task A_disconnect_without_a_revocation_endpoint_is_local_and_says_so()
    {
        await using var replica =
            await Replica.OnAsync(await TokenDatabase.CreateAsync(stores, TokenDatabase.Sqlite), "http://127.0.0.1:9/");
        await replica.ConnectAsync("ann", "a1", "r1");

        Assert.Equal(DisconnectResult.Unsupported, await replica.DisconnectAsync("ann"));
        Assert.Null(await replica.RowAsync("ann"));
    }

    [Fact]
    public async Task A_disconnect_that_outlasts_its_callers_wait_is_finished_and_revoked_F9()
    {
        using var provider = ScriptedProvider.Start();
        using var endpoint = new RevocationEndpoint(provider);
        var url = await stores.NewDatabaseAsync();
        await using var path = FaultProxy.Start(new Uri(url).Port);
        await using var replica =
            await Replica.OnAsync(TokenDatabase.At(PostgresTestDatabase.Through(url, path.Port)), provider.TokenUrl, provider.RevokeUrl);
        await replica.ConnectAsync("ann", "a1", "r1");

        // Two statements, each within the driver's five seconds.
        path.FromServer.Latency = TimeSpan.FromSeconds(2.5);
        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => replica.DisconnectAsync("ann"));

        await Eventually.BecomesTrueAsync(
            () => endpoint.Tokens.SequenceEqual(["r1"]), TimeSpan.FromSeconds(60), "the provider has been told");
        await Eventually.BecomesTrueAsync(
            () => replica.Log.ToString().Contains("User ann was disconnected", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60),
            "the audit log has it");
        path.FromServer.Latency = TimeSpan.Zero;
        Assert.Null(await replica.RowAsync("ann"));
    }

    [Theory]
    [InlineData(TokenDatabase.Postgres)]
    [InlineData(TokenDatabase.Sqlite)]
    public async Task A_row_that_no_key_opens_is_kept_reported_once_and_usable_again_with_the_key_T25(string kind)
    {
        var database = await TokenDatabase.CreateAsync(stores, kind);
        await using var right = await Replica.OnAsync(database, "http://127.0.0.1:9/");
        await using var wrong = await Replica.OnAsync(
            database, "http://127.0.0.1:9/", "http://127.0.0.1:9/", key: new EncryptionKey("k2", new byte[EncryptionKey.Length]));
        await right.ConnectAsync("ann", "a1", "r1");

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(
                ReconnectReason.Unreadable, Assert.IsType<AccessTokenResult.MustReconnect>(await wrong.TokenAsync("ann")).Reconnect.Reason);
        }

        Assert.Single(
            wrong.Log.Lines,
            line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("TOKEN_ENCRYPTION_KEYS", StringComparison.Ordinal));
        Assert.Equal("a1", Assert.IsType<AccessTokenResult.Granted>(await right.TokenAsync("ann")).AccessToken);
        Assert.Equal(DisconnectResult.NotRevoked, await wrong.DisconnectAsync("ann"));
    }

    [Theory]
    [InlineData(TokenDatabase.Postgres)]
    [InlineData(TokenDatabase.Sqlite)]
    public async Task Tokens_swapped_between_columns_or_rows_are_never_sent_T24(string kind)
    {
        using var provider = ScriptedProvider.Start();
        var database = await TokenDatabase.CreateAsync(stores, kind);
        await using var replica = await Replica.OnAsync(database, provider.TokenUrl);
        foreach (var user in new[] { "ann", "ben", "cem" }) await replica.ConnectAsync(user, $"a-{user}", $"r-{user}");
        await database.ExecuteAsync(
            "UPDATE fathom_connections SET access_token = refresh_token, refresh_token = access_token WHERE user_id = 'ann'");
        await database.ExecuteAsync(
            "UPDATE fathom_connections SET refresh_token = (SELECT c.refresh_token FROM fathom_connections c WHERE c.user_id = 'cem') "
                + "WHERE user_id = 'ben'");
        await database.AgeAsync("ben", TimeSpan.FromHours(2));

        foreach (var user in new[] { "ann", "ben" })
        {
            Assert.Equal(
                ReconnectReason.Unreadable,
                Assert.IsType<AccessTokenResult.MustReconnect>(await replica.TokenAsync(user)).Reconnect.Reason);
        }

        Assert.Empty(provider.TokenRequests);
    }

    [Fact]
    public async Task A_connection_without_a_refresh_token_lasts_as_long_as_its_access_token()
    {
        var database = await TokenDatabase.CreateAsync(stores, TokenDatabase.Sqlite);
        await using var replica = await Replica.OnAsync(database, "http://127.0.0.1:9/");
        await replica.ConnectAsync("ann", "a1", refreshToken: null);
        await database.AgeAsync("ann", TimeSpan.FromSeconds(3600 - 240));
        Assert.Equal("a1", Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann")).AccessToken);

        await database.AgeAsync("ann", TimeSpan.FromSeconds(300));

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(
                ReconnectReason.NoRefreshToken,
                Assert.IsType<AccessTokenResult.MustReconnect>(await replica.TokenAsync("ann")).Reconnect.Reason);
        }

        Assert.Equal(ReconnectReason.NoRefreshToken, (await replica.RowAsync("ann"))!.Value.Row.Reconnect!.Reason);
    }
}
