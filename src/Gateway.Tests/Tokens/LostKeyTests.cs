using System.Net;
using FathomGateway.Events.Outbox;
using FathomGateway.Settings;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>Connections whose key is not there any more.</summary>
public sealed class LostKeyTests(RealStores stores)
{
    private const string Other = "other:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    [Fact]
    public async Task An_embedded_gateway_whose_key_file_was_removed_does_not_start()
    {
        var settings = TestSettings.Embedded();
        var folder = settings["DATA_DIR"]!;
        await using (var stage = await Stage.StartAsync(settings)) await stage.LinkAsync("ann");
        File.Delete(Path.Combine(folder, "keys"));

        var failure = Assert.Throws<SettingsException>(() => Program.Build(TestSettings.Configuration(settings)));

        Assert.Contains("DATA_DIR", failure.Message, StringComparison.Ordinal);
        Assert.Contains("connections.db", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "keys")));
    }

    [Fact]
    public async Task An_embedded_gateway_whose_key_opens_none_of_its_connections_does_not_start()
    {
        var settings = TestSettings.Embedded();
        await using (var stage = await Stage.StartAsync(settings)) await stage.LinkAsync("ann");
        settings["TOKEN_ENCRYPTION_KEYS"] = Other;

        var (exitCode, _, errors) = await GatewayProcess.RunAsync([], settings);

        Assert.Equal(78, exitCode);
        Assert.Contains("TOKEN_ENCRYPTION_KEYS", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_no_key_opens_is_reconnect_required_and_counted_at_the_start()
    {
        var (redis, database) = (await stores.RedisAsync(), await stores.NewDatabaseAsync());
        await using (var before = await Stage.StartAsync(TestSettings.OnRealStores(redis, database))) await before.LinkAsync("ann");

        await using var stage = await Stage.StartAsync(
            TestSettings.OnRealStores(redis, database, ("PUBLIC_STATUS", "true"), ("TOKEN_ENCRYPTION_KEYS", Other)));
        await stage.LinkAsync("ben");

        var shown = await stage.Gateway.JsonAsync(HttpMethod.Get, "connections/ann");
        Assert.Equal(
            ("reconnect_required", "unreadable"),
            (shown.GetProperty("status").GetString(), shown.GetProperty("reconnect_reason").GetString()));
        using var request = new HttpRequestMessage(HttpMethod.Get, "fathom/status");
        request.Headers.Authorization = new("Bearer", Jwt.For("ann"));
        using var status = await stage.Gateway.Client.SendAsync(request);
        Assert.Contains(
            "reconnect_required", await status.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var token = await stage.Gateway.InternalAsync(HttpMethod.Get, "connections/ann/access-token");
        Assert.Equal(HttpStatusCode.Conflict, token.StatusCode);
        var store = stage.Gateway.Services.GetRequiredService<ConnectionStore>();
        var ring = stage.Gateway.Services.GetRequiredService<FathomGateway.Keys.KeyRing>();
        var (_, reconnectRequired) = await store.CountReconnectRequiredAsync(ring, TestContext.Current.CancellationToken);
        Assert.Equal(1, reconnectRequired);
        await Eventually.BecomesTrueAsync(
            () => stage.Gateway.Log.ToString().Contains("1 of", StringComparison.Ordinal)
                && stage.Gateway.Log.ToString().Contains("not in TOKEN_ENCRYPTION_KEYS", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            "the log says how many");
    }

    [Fact]
    public async Task A_row_that_no_key_opens_causes_no_event()
    {
        await using var receiver = EventReceiver.Start();
        var (redis, database) = (await stores.RedisAsync(), await stores.NewDatabaseAsync());
        await using (var before = await Stage.StartAsync(TestSettings.OnRealStores(redis, database))) await before.LinkAsync("ann");

        await using var stage = await Stage.StartAsync(
            TestSettings.OnRealStores(redis, database, [.. receiver.Settings, ("TOKEN_ENCRYPTION_KEYS", Other)]));
        using var token = await stage.Gateway.InternalAsync(HttpMethod.Get, "connections/ann/access-token");

        Assert.Equal(HttpStatusCode.Conflict, token.StatusCode);
        var outbox = stage.Gateway.Services.GetRequiredService<EventOutbox>();
        Assert.Empty(await outbox.ListAsync(after: 0, count: 1, TestContext.Current.CancellationToken));
    }
}
