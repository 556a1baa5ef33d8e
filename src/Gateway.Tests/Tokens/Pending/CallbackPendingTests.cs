using System.Net.Sockets;
using System.Text;
using FathomGateway.Tests.Flow;
using Xunit;

namespace FathomGateway.Tests.Tokens.Pending;

/// <summary>The database dies in the moment in which the provider has issued the tokens.</summary>
[Trait("Speed", "Slow")]
public sealed class CallbackPendingTests
{
    private const string NotNow = "/dashboard?fathom_successful=false&fathom_error=temporarily_unavailable";

    [Fact]
    public async Task A_callback_whose_database_is_back_in_time_still_connects_F7()
    {
        await using var stage = await PendingTokensStage.StartAsync();
        var restart = Task.CompletedTask;
        stage.WhenTokensAreIssued(() =>
        {
            stage.Postgres.Kill();
            restart = stage.Postgres.RestartAsync();
        });

        Assert.Equal(
            "/dashboard?fathom_successful=true", await ConnectFlow.ReturnAsync(stage.One, await ConnectFlow.BeginAsync(stage.One, "ann")));

        await restart;
        await stage.IsStoredAsync("ann", "access-1");
        Assert.Single(stage.Provider.TokenRequests);
    }

    [Fact]
    public async Task Tokens_that_the_database_could_not_store_wait_in_Redis_and_another_replica_drains_them_F7()
    {
        await using var stage = await PendingTokensStage.StartAsync();
        stage.WhenTokensAreIssued(stage.Postgres.Kill);
        var state = await ConnectFlow.BeginAsync(stage.One, "ann");

        Assert.Equal(NotNow, await ConnectFlow.ReturnAsync(stage.One, state));
        await stage.WaitInRedisAsync(1);
        await stage.One.DisposeAsync();
        await stage.Postgres.RestartAsync();

        await stage.IsStoredAsync("ann", "access-1");
        await stage.WaitInRedisAsync(0);
        Assert.Contains("by an attempt that had been refused", stage.Two.Log.ToString(), StringComparison.Ordinal);
        // What was told stands, and costs no second exchange.
        Assert.Equal(NotNow, await ConnectFlow.ReturnAsync(stage.Two, state));
        Assert.Single(stage.Provider.TokenRequests);
    }

    [Fact]
    [Trait("Gateway", "InProcess")]
    public async Task Tokens_stay_in_memory_while_both_stores_are_down_and_are_saved_by_the_first_that_is_back_F7()
    {
        await using var stage = await PendingTokensStage.StartAsync();
        stage.WhenTokensAreIssued(() =>
        {
            stage.Postgres.Kill();
            stage.Redis.Kill();
        });

        Assert.Equal(NotNow, await ConnectFlow.ReturnAsync(stage.One, await ConnectFlow.BeginAsync(stage.One, "ann")));
        await PendingTokensStage.AreInMemoryAsync(stage.One, 1);
        Assert.Contains("fathom_rescued_tokens{", await stage.One.InternalClient.GetStringAsync("metrics"), StringComparison.Ordinal);
        Assert.Contains("in this process's memory alone", stage.One.Log.ToString(), StringComparison.Ordinal);
        await stage.Postgres.RestartAsync();

        await stage.IsStoredAsync("ann", "access-1");
        await PendingTokensStage.AreInMemoryAsync(stage.One, 0);
    }

    [Fact]
    public async Task Pending_tokens_in_Redis_show_neither_tokens_nor_user_F7()
    {
        await using var stage = await PendingTokensStage.StartAsync();
        stage.WhenTokensAreIssued(stage.Postgres.Kill);
        Assert.Equal(NotNow, await ConnectFlow.ReturnAsync(stage.One, await ConnectFlow.BeginAsync(stage.One, "a-certain-ann")));
        await stage.WaitInRedisAsync(1);

        using var client = new TcpClient("127.0.0.1", stage.Redis.Port) { ReceiveTimeout = 10_000 };
        client.Client.Send(Encoding.ASCII.GetBytes(
            "EVAL \"local all = {} for _, key in ipairs(redis.call('ZRANGE', 'fathom:rescued', 0, -1)) do table.insert(all, key) "
                + "table.insert(all, redis.call('GET', key)) table.insert(all, redis.call('TTL', key)) end return all\" 0\r\n"));
        var buffer = new byte[16 * 1024];
        var text = Encoding.ASCII.GetString(buffer, 0, client.Client.Receive(buffer));

        Assert.Contains("rescued:", text, StringComparison.Ordinal);
        Assert.Contains("v1:k1:", text, StringComparison.Ordinal);
        foreach (var secret in new[] { "access-1", "refresh-1", "a-certain-ann" })
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }
}
