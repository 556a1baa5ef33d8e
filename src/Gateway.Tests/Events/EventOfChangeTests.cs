using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Refresh;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>Each change of a connection makes one event, on both kinds of database.</summary>
public sealed class EventOfChangeTests(RealStores stores)
{
    private const string Connected = "connection.connected", Reconnected = "connection.reconnected";
    private const string Disconnected = "connection.disconnected";

    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_events_of_a_connection_arrive_in_the_order_of_its_changes(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        var user = $"ü/{Fresh.User()}";
        await stage.Stage.LinkAsync(user);
        await stage.Stage.LinkAsync(user);
        stage.Stage.Provider.Answers(TokenReply.Refusal("invalid_grant"));
        await stage.Database.AgeAsync(user, TimeSpan.FromHours(2));
        using var refused = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{Uri.EscapeDataString(user)}/access-token");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        using var ended = await stage.Gateway.InternalAsync(HttpMethod.Delete, $"connections/{Uri.EscapeDataString(user)}");
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);

        await stage.Receiver.HasAsync(user, Connected, Reconnected, "connection.reconnect_required", Disconnected);
        var told = stage.Receiver.Of(user).ToArray();
        Assert.Equal([1L, 2, 2, 2], told.Select(one => one.Version));
        Assert.Equal([null, null, "refresh_refused", null], told.Select(one => one.Reason));
        Assert.Equal(4, told.Select(one => one.Id).Distinct().Count());
        Assert.All(told, one =>
        {
            one.IsSignedWith(stage.Receiver.Secret);
            Assert.Equal("POST", one.Request.Head.Method);
            Assert.Equal("/hook?from=gateway", one.Request.Head.Target);
            Assert.Equal("application/json", one.Request.Header("Content-Type"));
            Assert.StartsWith("FathomGateway/", one.Request.Header("User-Agent"), StringComparison.Ordinal);
            Assert.DoesNotMatch("access-|refresh-|token", one.Request.BodyText.Replace("refresh_refused", "", StringComparison.Ordinal));
        });
        await stage.BecomesAsync(user, "delivered");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_marked_connection_that_is_refreshed_after_all_causes_a_recovered_event(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        var (services, user) = (stage.Gateway.Services, Fresh.User());
        var (store, cipher) = (services.GetRequiredService<ConnectionStore>(), services.GetRequiredService<TokenCipher>());
        await stage.Stage.LinkAsync(user);
        var row = (await stage.Stage.ConnectionAsync(user))!;
        var lease = RefreshLease.Of(row);
        Assert.True(await store.TakeLeaseAsync(lease, forced: false, Cancel));
        Assert.NotNull(await store.RequireReconnectAsync(lease, ReconnectReason.RefreshRefused, Cancel));
        var late = ConnectionRows.Refreshed(cipher, lease, "late", "late-too");

        Assert.NotNull(await store.SaveAsync(late, Cancel));
        // Again, as a caller that lost the answer repeats it: the fence has moved, so no row changes and no event is written.
        Assert.Null(await store.SaveAsync(late, Cancel));
        Assert.Null(await store.RequireReconnectAsync(lease, ReconnectReason.RefreshRefused, Cancel));

        await stage.Receiver.HasAsync(user, Connected, "connection.reconnect_required", "connection.recovered");
        Assert.Equal(2, stage.Receiver.Of(user).Last().Version);
        Assert.Equal(3, (await stage.RowsAsync()).Count);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_write_that_changes_no_connection_causes_no_event(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        var (store, user) = (stage.Gateway.Services.GetRequiredService<ConnectionStore>(), Some.User(Fresh.User()));
        var (access, refresh) = (new SealedToken("v1:k:a"), new SealedToken("v1:k:r"));
        var connection = ConnectionRows.Issued(user, access, refresh);
        var issuedAt = DateTimeOffset.UtcNow;
        Assert.Null(await store.DeleteAsync(Some.User(Fresh.User()), Cancel));
        await store.StoreAsync(connection, issuedAt, Cancel);
        // The same once more, one that is older, and one from before the disconnect.
        Assert.Equal(StoreResult.Stored, await store.StoreAsync(connection, issuedAt, Cancel));
        var older = connection with { GrantId = Guid.NewGuid() };
        Assert.Equal(StoreResult.Overtaken, await store.StoreAsync(older, issuedAt.AddMinutes(-5), Cancel));
        Assert.NotNull(await store.SaveAsync(connection with { Version = 1, AccessToken = new SealedToken("v1:k:b") }, Cancel));
        await store.DeleteAsync(user, Cancel);
        Assert.Null(await store.DeleteAsync(user, Cancel));
        Assert.Equal(StoreResult.Disconnected, await store.StoreAsync(connection, issuedAt, Cancel));

        Assert.Equal([Connected, Disconnected], (await stage.RowsAsync()).Select(row => row.Type));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_disconnect_by_the_user_causes_one_event_also_when_it_is_repeated(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind, ("PUBLIC_STATUS", "true"));
        await stage.Stage.LinkAsync("ann");
        stage.Gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", Jwt.For("ann"));
        foreach (var status in (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.NotFound])
        {
            using var ended = await stage.Gateway.Client.DeleteAsync("fathom/connection", Cancel);
            Assert.Equal(status, ended.StatusCode);
        }

        await stage.Receiver.HasAsync("ann", Connected, Disconnected);
        Assert.Equal([Connected, Disconnected], (await stage.RowsAsync()).Select(row => row.Type));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task No_event_is_written_while_events_are_off(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        await stage.Stage.LinkAsync("ann");

        Assert.Empty(await stage.RowsAsync());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_change_whose_event_cannot_be_written_is_rolled_back(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        await stage.Stage.LinkAsync("ann");
        await stage.BecomesAsync("ann", "delivered");
        var store = stage.Gateway.Services.GetRequiredService<ConnectionStore>();
        // The second statement of the event fails, after the change and the first.
        await stage.Database.ExecuteAsync("ALTER TABLE fathom_event_queues RENAME TO elsewhere");

        await Assert.ThrowsAnyAsync<Exception>(() => store.DeleteAsync(Some.User("ann"), Cancel));

        await stage.Database.ExecuteAsync("ALTER TABLE elsewhere RENAME TO fathom_event_queues");
        Assert.NotNull(await stage.Stage.ConnectionAsync("ann"));
        Assert.Single(await stage.RowsAsync());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
