using System.Net;
using System.Text.Json;
using FathomGateway.Tests.Audit;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal;

public sealed class ConnectionRoutesTests(Stage stage) : IClassFixture<Stage>
{
    [Fact]
    public async Task A_connection_is_described_without_its_tokens()
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);

        var shown = await stage.Gateway.JsonAsync(HttpMethod.Get, $"connections/{user}");

        var row = await stage.ConnectionAsync(user);
        Assert.Equal(
            ["user_id", "status", "connected_at", "expires_at", "scope", "version"], shown.EnumerateObject().Select(member => member.Name));
        Assert.Equal(user, shown.GetProperty("user_id").GetString());
        Assert.Equal("connected", shown.GetProperty("status").GetString());
        Assert.Equal(row!.ConnectedAt, shown.GetProperty("connected_at").GetDateTimeOffset());
        Assert.Equal(row.ExpiresAt, shown.GetProperty("expires_at").GetDateTimeOffset());
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("scope").ValueKind);
        Assert.Equal(row.Version, shown.GetProperty("version").GetInt64());
        Assert.DoesNotContain((await stage.AccessTokenAsync(user))!, shown.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_only_the_user_can_mend_has_a_reason_and_a_time()
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);
        stage.RequireReconnect(user);

        var shown = await stage.Gateway.JsonAsync(HttpMethod.Get, $"connections/{user}");
        using var refused = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/access-token");

        var problem = await InternalCalls.IsProblemAsync(refused, HttpStatusCode.Conflict, "reconnect_required");
        Assert.Equal("reconnect_required", shown.GetProperty("status").GetString());
        foreach (var told in new[] { shown, problem })
        {
            Assert.Equal(RowChanges.Reason, told.GetProperty("reconnect_reason").GetString());
            Assert.Equal(RowChanges.At, told.GetProperty("reconnect_at").GetDateTimeOffset());
        }
    }

    [Fact]
    public async Task A_method_of_an_internal_route_in_other_letters_is_refused()
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);

        string[] targets =
        [
            $"/connections/{user}", $"/connections/{user}/access-token", "/openapi.json", "/health/live", "/health/ready",
            "/connections", "/events", "/metrics"
        ];
        foreach (var target in targets)
        {
            foreach (var method in new[] { "get", "Head", "delete", "Delete" })
            {
                Assert.Equal(405, (await stage.Gateway.RawAsync(method, target)).Status);
            }
        }

        Assert.NotNull(await stage.ConnectionAsync(user));
    }

    [Fact]
    public async Task A_head_request_is_answered_like_a_get_without_the_body()
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);

        foreach (var target in new[] { $"connections/{user}", $"connections/{user}/access-token", "openapi.json" })
        {
            using var response = await stage.Gateway.InternalAsync(HttpMethod.Head, target);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task A_disconnect_route_deletes_the_tokens_reports_the_revocation_and_is_audited_with_the_actor_api()
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);

        var ended = await stage.Gateway.JsonAsync(HttpMethod.Delete, $"connections/{user}");

        Assert.Equal(["provider_revoked"], ended.EnumerateObject().Select(member => member.Name));
        Assert.Contains(ended.GetProperty("provider_revoked").GetString(), (string[])["yes", "no", "unsupported"]);
        Assert.Null(await stage.ConnectionAsync(user));
        Assert.Single(
            stage.Audit(user), line => line.Contains(" by api; revoked by the provider: ", StringComparison.Ordinal));
        using var again = await stage.Gateway.InternalAsync(HttpMethod.Delete, $"connections/{user}");
        await InternalCalls.IsProblemAsync(again, HttpStatusCode.NotFound, "not_connected");
        using var token = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/access-token");
        await InternalCalls.IsProblemAsync(token, HttpStatusCode.NotFound, "not_connected");
    }

    [Fact]
    public async Task Every_internal_route_asks_to_try_again_while_the_database_is_down()
    {
        await using var storeless =
            await Stage.StartAsync(TestSettings.OnRealStores("redis://127.0.0.1:9", "postgresql://nobody@127.0.0.1:9/none"));

        foreach (var (method, target) in new[] { (HttpMethod.Get, "connections/u"), (HttpMethod.Delete, "connections/u"), (
            HttpMethod.Get, "connections/u/access-token"), (HttpMethod.Get, "connections/u/fathom/meetings") })
        {
            using var response = await storeless.Gateway.InternalAsync(method, target);

            await InternalCalls.IsProblemAsync(response, HttpStatusCode.ServiceUnavailable, "unavailable");
            Refusal.AsksToRetry(response);
        }
    }
}
