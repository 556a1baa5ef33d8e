using FathomGateway.State;
using FathomGateway.State.Redis;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.State;

public sealed class RedisConnectionTests
{
    [Fact]
    public async Task A_Redis_connection_that_stays_silent_for_15_seconds_is_replaced_F3()
    {
        await using var redis = await RedisServer.StartAsync();
        var (time, log) = (new FakeTimeProvider(), new CapturedLog());
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(log));
        var options = RedisAddress.Read(TestSettings.Reader(), redis.ConnectionString)!;
        // The library gives a connection up after four of its own timeouts; here it is to notice nothing.
        options.AsyncTimeout = 60_000;
        await using var connection = new RedisConnection(options, time, logs);
        await Eventually.BecomesTrueAsync(() => AnswersAsync(connection), TimeSpan.FromSeconds(30), "Redis is connected");

        redis.Suspend();
        Assert.False(await AnswersAsync(connection));
        Assert.DoesNotContain("a new connection is made", log.ToString(), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.False(await AnswersAsync(connection));
        Assert.Contains("a new connection is made", log.ToString(), StringComparison.Ordinal);

        redis.Resume();
        await Eventually.BecomesTrueAsync(() => AnswersAsync(connection), TimeSpan.FromSeconds(30), "the new connection is answered on");
        Assert.Contains("Redis serves again", log.ToString(), StringComparison.Ordinal);
    }

    private static async Task<bool> AnswersAsync(RedisConnection connection)
    {
        try
        {
            return await connection.ExecuteAsync(database => database.PingAsync(), TestContext.Current.CancellationToken) >= TimeSpan.Zero;
        }
        catch (StateStoreUnavailableException)
        {
            return false;
        }
    }
}
