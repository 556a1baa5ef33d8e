using System.Net;
using System.Net.Sockets;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens.Databases;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>Users whose changes happen while thousands of events of others have just been written for a receiver that is dead.</summary>
[Trait("Speed", "Slow")]
public sealed class DeadReceiverTests(RealStores stores)
{
    private const int Many = 6_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> DeadReceivers => new()
    {
        { TokenDatabase.Postgres, false },
        { TokenDatabase.Postgres, true },
        { TokenDatabase.Sqlite, false },
        { TokenDatabase.Sqlite, true },
    };

    /// <param name="hangs">Whether the receiver never answers. Otherwise it refuses connections.</param>
    [Theory]
    [MemberData(nameof(DeadReceivers))]
    public async Task Users_connect_refresh_and_disconnect_while_new_events_of_others_wait_for_a_dead_receiver(string kind, bool hangs)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var url = hangs ? $"http://{silent.LocalEndpoint}/" : "http://127.0.0.1:9/";
        await using var stage = await EventStage.StartAsync(stores, kind, ("EVENTS_URL", url));
        await stage.WriteAsync(Many, Many);
        await Eventually.BecomesTrueAsync(
            async () => hangs ? silent.Pending() : await TriesAsync(stage) > 0, TimeSpan.FromMinutes(1), "the receiver is tried");

        for (var i = 0; i < 10; i++)
        {
            var user = Fresh.User();
            await stage.Stage.LinkAsync(user);
            Assert.Equal(1, (await stage.Gateway.TokenAsync(user)).GetProperty("version").GetInt64());
            Assert.Equal(2, (await stage.Gateway.TokenAsync(user, "?rejected_version=1")).GetProperty("version").GetInt64());
            using var ended = await stage.Gateway.InternalAsync(HttpMethod.Delete, $"connections/{user}");
            Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        }

        // Each of the ten has connected and disconnected.
        Assert.Equal(Many + 20, (await stage.Outbox.ReadStatisticsAsync(Cancel)).Waiting);
    }

    private static Task<long> TriesAsync(EventStage stage) => stage.Gateway.Services.GetRequiredService<Database>().FindAsync(
        "SELECT CAST(sum(attempts) AS bigint) FROM fathom_events", null, row => row.GetInt64(0), Cancel);
}
