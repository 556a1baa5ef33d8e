using System.Globalization;
using System.Text.RegularExpressions;
using FathomGateway.State.Redis;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.ConnectionStrings;
using StackExchange.Redis;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>The sizes of docs/scaling.md are at least those of real servers.</summary>
public sealed partial class ScalingDocumentTests(RealStores stores)
{
    private const int TokenLength = 128;
    private const int Rows = 5000;

    private static readonly string Text = new Document("docs/scaling.md").Text;

    [Fact]
    public async Task A_state_that_waits_takes_no_more_of_Redis_than_the_document_says()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var stage = await StageAsync(redis.ConnectionString);
        await stage.StateAsync(Fresh.User());

        Assert.Equal(2, await AreOfAsync(redis, "state that waits"));
    }

    [Fact]
    public async Task An_outcome_that_is_kept_takes_no_more_of_Redis_than_the_document_says()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var stage = await StageAsync(redis.ConnectionString);
        await stage.LinkAsync(Fresh.User());

        Assert.NotEqual(0, await AreOfAsync(redis, "outcome of a callback"));
    }

    [Fact]
    public async Task A_connection_takes_no_more_of_PostgreSQL_than_the_document_says()
    {
        var url = await stores.NewDatabaseAsync();
        await using (var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), url)))
        {
            stage.Provider.Answers(TokenReply.Tokens(new string('a', TokenLength), new string('r', TokenLength)));
            await stage.LinkAsync("0123456789abcdef01234567");
        }

        var columns = (string)(await PostgresTestDatabase.QueryAsync(
            url,
            "SELECT string_agg(column_name, ', ') FROM information_schema.columns WHERE table_name = 'fathom_connections' AND column_name "
                + "<> 'user_id'"))!;
        await PostgresTestDatabase.QueryAsync(
            url,
            $"INSERT INTO fathom_connections (user_id, {columns}) SELECT md5(n::text), {columns} FROM fathom_connections, "
                + $"generate_series(1, {Rows}) n");
        var size = (long)(await PostgresTestDatabase.QueryAsync(url, "SELECT pg_total_relation_size('fathom_connections')"))! / Rows;

        IsNoMoreThan("connection", size);
    }

    [Fact]
    public async Task An_event_takes_no_more_of_PostgreSQL_than_the_document_says()
    {
        var url = await stores.NewDatabaseAsync();
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), url));
        await PostgresTestDatabase.QueryAsync(url, $"""
            INSERT INTO fathom_events (suffix, user_id, type, version, scope, reason, created_at, attempts, delivered_at)
            SELECT '0a1b2c3d', substr(md5(n::text), 1, 24), 'connection.reconnect_required', 1, 'public_api', 'refresh_refused',
                now(), 1, now()
            FROM generate_series(1, {Rows}) n
            """);

        IsNoMoreThan("event", (long)(await PostgresTestDatabase.QueryAsync(url, "SELECT pg_total_relation_size('fathom_events')"))! / Rows);
    }

    [Fact]
    public async Task A_queue_of_events_takes_no_more_of_PostgreSQL_than_the_document_says()
    {
        var url = await stores.NewDatabaseAsync();
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), url));
        await PostgresTestDatabase.QueryAsync(url, $"""
            INSERT INTO fathom_event_queues (user_id, due_at, lease_owner)
            SELECT substr(md5(n::text), 1, 24), now() + n * interval '1 hour', gen_random_uuid() FROM generate_series(1, {Rows}) n
            """);

        var size = (long)(await PostgresTestDatabase.QueryAsync(url, "SELECT pg_total_relation_size('fathom_event_queues')"))! / Rows;
        IsNoMoreThan("queue of a user's events", size);
    }

    [Fact]
    public void Each_address_of_the_document_is_one_that_the_gateway_takes()
    {
        var addresses = new Document("docs/scaling.md").Blocks("text")
            .SelectMany(block => block.Content.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Where(line => !line.StartsWith('#'))
            .ToArray();
        Assert.Equal(3, addresses.Length);
        foreach (var address in addresses)
        {
            var reader = TestSettings.Reader();
            Assert.NotNull(address.StartsWith("Host=", StringComparison.Ordinal)
                ? PostgresConnectionString.Read(reader, address)
                : (object?)RedisAddress.Read(reader, address));
            Assert.False(reader.HasFaults);
        }
    }

    [Fact]
    public void The_sums_of_the_document_follow_from_its_sizes()
    {
        Assert.Contains($"{Said("connection")} MB for a million", Text, StringComparison.Ordinal);
        Assert.Contains(
            $"{Said("event") + Said("queue of a user's events")} MB are enough for a million events", Text, StringComparison.Ordinal);
    }

    private static async Task<int> AreOfAsync(RedisServer redis, string what)
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}");
        var keys = client.GetServers().Single().Keys().ToArray();
        long sum = 0;
        foreach (var key in keys) sum += (long)await client.GetDatabase().ExecuteAsync("MEMORY", "USAGE", key);
        IsNoMoreThan(what, sum);
        return keys.Length;
    }

    private static void IsNoMoreThan(string what, long measured)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {measured} bytes");
        Assert.InRange(measured, Said(what) / 2, Said(what));
    }

    private static int Said(string what) =>
        int.Parse(Size().Matches(Text).Single(match => match.Groups[1].Value.Trim() == what).Groups[2].Value, CultureInfo.InvariantCulture);

    private async Task<Stage> StageAsync(string redis) =>
        await Stage.StartAsync(TestSettings.OnRealStores(redis, await stores.NewDatabaseAsync()));

    [GeneratedRegex(@"^\| ([^|]+) \|[^|]+\| ([0-9]+) bytes", RegexOptions.Multiline)]
    private static partial Regex Size();
}
