using FathomGateway.Keys;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Refresh;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>Pages of connections with a status, of a table in which few rows have it.</summary>
public sealed class ConnectionPageTests(RealStores stores)
{
    private const int Rows = 3000;

    public static TheoryData<string> Databases => TokenDatabase.Both;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>32 rows, so that pages of eight and of four end with the list: no empty page follows them.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Pages_of_connections_with_a_status_are_full_except_the_last_one(string kind)
    {
        await using var stage = await StartAsync(kind, rare: 100);
        await stage.Database.ExecuteAsync("""
            UPDATE fathom_connections SET refresh_token = replace(refresh_token, 'v1:', 'v1:gone-')
            WHERE user_id IN ('user-5', 'user-2950')
            """);
        var list = stage.Gateway.Services.GetRequiredService<ConnectionList>();
        var all = (await PagesAsync(list, null, ConnectionList.MaxPageSize)).SelectMany(page => page).ToArray();
        Assert.Equal(Rows, all.Length);

        foreach (var (status, limit, count) in new[]
        {
            (ConnectionStatus.ReconnectRequired, 4, 32),
            (ConnectionStatus.ReconnectRequired, 5, 32),
            (ConnectionStatus.ReconnectRequired, 8, 32),
            (ConnectionStatus.ReconnectRequired, 1000, 32),
            (ConnectionStatus.Connected, 700, Rows - 32),
        })
        {
            var expected = all.Where(one => one.Status == status).Chunk(limit).ToArray();
            Assert.Equal(count, expected.Sum(page => page.Length));
            Assert.Equal(expected, await PagesAsync(list, status, limit));
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_status_that_no_connection_has_is_one_empty_page(string kind)
    {
        await using var stage = await StartAsync(kind, rare: Rows * 2);
        await stage.Database.ExecuteAsync("UPDATE fathom_connections SET reconnect_reason = 'refresh_refused'");
        var list = stage.Gateway.Services.GetRequiredService<ConnectionList>();

        Assert.Empty(Assert.Single(await PagesAsync(list, ConnectionStatus.Connected, 1)));
        await stage.Database.ExecuteAsync("DELETE FROM fathom_connections");
        Assert.Empty(Assert.Single(await PagesAsync(list, ConnectionStatus.Connected, 1)));
    }

    /// <summary>A short page would look like the last one.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_page_of_connections_that_takes_too_long_is_an_error_and_not_a_short_page(string kind)
    {
        await using var stage = await StartAsync(kind, rare: Rows * 2);
        var services = stage.Gateway.Services;
        var list = new ConnectionList(
            services.GetRequiredService<ConnectionStore>(),
            services.GetRequiredService<StoredAccessToken>(),
            services.GetRequiredService<KeyRing>(),
            new FastClock());

        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(
            () => list.PageAsync(ConnectionStatus.ReconnectRequired, "user-2", 100, Cancel));
        Assert.Equal(100, (await list.PageAsync(ConnectionStatus.Connected, "", 100, Cancel)).Connections.Count);
    }

    private async Task<EventStage> StartAsync(string kind, int rare)
    {
        var stage = await EventStage.StartAsync(stores, kind, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        await LongList.FillAsync(stage, Rows, rare);
        return stage;
    }

    private static async Task<List<ShownConnection[]>> PagesAsync(ConnectionList list, string? status, int limit)
    {
        List<ShownConnection[]> pages = [];
        for (string? next = ""; next is not null;)
        {
            var page = await list.PageAsync(status, next, limit, Cancel);
            pages.Add([.. page.Connections]);
            next = page.Next;
        }

        return pages;
    }

    /// <summary>Two minutes go by between two looks.</summary>
    private sealed class FastClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Add(ref _seconds, 120);
    }
}
