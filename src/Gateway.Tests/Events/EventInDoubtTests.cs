using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Pending;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>A change and its event, which PostgreSQL commits in one round trip, where the connection breaks in that round trip.</summary>
public sealed class EventInDoubtTests(RealStores stores)
{
    [Fact]
    public async Task A_connect_whose_commit_is_not_answered_has_one_event_F8() =>
        await ConnectAsync(path => path.FromServer, writes: 1);

    [Fact]
    public async Task A_connect_whose_commit_does_not_arrive_is_repeated_and_has_one_event_F8() =>
        await ConnectAsync(path => path.ToServer, writes: 2);

    [Fact]
    public async Task A_connect_whose_event_cannot_be_written_is_not_committed_and_both_follow_when_it_can()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Postgres);
        var (writer, user) = (stage.Gateway.Services.GetRequiredService<ConnectionWriter>(), Fresh.User());
        await stage.Database.ExecuteAsync("ALTER TABLE fathom_events ADD CONSTRAINT none CHECK (false) NOT VALID");

        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => StoreAsync(writer, user));

        Assert.Null(await stage.Stage.ConnectionAsync(user));
        await stage.Database.ExecuteAsync("ALTER TABLE fathom_events DROP CONSTRAINT none");
        await stage.Receiver.HasAsync(user, "connection.connected");
        Assert.NotNull(await stage.Stage.ConnectionAsync(user));
    }

    /// <param name="direction">In which the connection is cut before the commit.</param>
    /// <param name="writes">How often the event is sent to the server.</param>
    private async Task ConnectAsync(Func<FaultProxy, FaultDirection> direction, int writes)
    {
        var url = await stores.NewDatabaseAsync();
        await using var path = FaultProxy.Start(new Uri(url).Port);
        await using var stage = await EventStage.StartAsync(
            stores, TokenDatabase.Postgres, ("DATABASE_URL", PostgresTestDatabase.Through(url, path.Port)));
        var services = stage.Gateway.Services;
        var (writer, user) = (services.GetRequiredService<ConnectionWriter>(), Fresh.User());
        // The migrations commit, too.
        await services.GetRequiredService<SchemaReadiness>().EnsureAsync(SchemaReadiness.OperatorTimeout, CancellationToken.None);
        direction(path).CutBefore("COMMIT\0");

        Assert.Equal(StoreResult.Stored, await StoreAsync(writer, user));

        Assert.False(direction(path).WillCut, "the connection was not cut");
        Assert.Equal(writes, path.ToServer.Seen("INSERT INTO fathom_events "));
        await stage.Receiver.HasAsync(user, "connection.connected");
        Assert.Equal("connection.connected", (await stage.RowOfAsync(user)).Type);
        Assert.Equal(1, (await stage.Stage.ConnectionAsync(user))?.Version);
    }

    private static Task<StoreResult> StoreAsync(ConnectionWriter writer, string user) => writer.StoreAsync(
        Some.User(user),
        new TokenSet("access", "refresh", Scope: null, TimeSpan.FromHours(1)),
        ConnectionRows.AfterAll,
        PendingTokens.CallerTimeout);
}
