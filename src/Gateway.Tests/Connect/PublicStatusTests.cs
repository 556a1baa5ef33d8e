using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FathomGateway.Tests.Audit;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class PublicStatusTests(PublicStatusTests.SwitchedOn on) : IClassFixture<PublicStatusTests.SwitchedOn>
{
    [Fact]
    public async Task The_public_status_of_a_user_who_has_not_connected_says_so()
    {
        var status = await StatusAsync(Fresh.User());

        Assert.Equal(["status", "since"], status.EnumerateObject().Select(member => member.Name));
        Assert.Equal("not_connected", status.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("since").ValueKind);
    }

    [Fact]
    public async Task The_public_status_shows_a_users_own_connection_its_trouble_and_its_end()
    {
        var user = Fresh.User();
        await on.Stage.LinkAsync(user);
        var connected = await StatusAsync(user);
        Assert.Equal("connected", connected.GetProperty("status").GetString());
        Assert.Equal((await on.Stage.ConnectionAsync(user))!.ConnectedAt, connected.GetProperty("since").GetDateTimeOffset());

        on.Stage.RequireReconnect(user);
        var broken = await StatusAsync(user);
        Assert.Equal("reconnect_required", broken.GetProperty("status").GetString());
        Assert.Equal(RowChanges.At, broken.GetProperty("since").GetDateTimeOffset());

        using var ended = await SendAsync(HttpMethod.Delete, "fathom/connection", Jwt.For(user));
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.Contains("\"provider_revoked\":\"", await ended.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("not_connected", (await StatusAsync(user)).GetProperty("status").GetString());

        using var again = await SendAsync(HttpMethod.Delete, "fathom/connection", Jwt.For(user));
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        await Refusal.IsProblemAsync(again);
    }

    [Fact]
    public async Task A_disconnect_by_the_public_route_is_audited_with_the_actor_user()
    {
        var user = Fresh.User();
        await on.Stage.LinkAsync(user);

        using var ended = await SendAsync(HttpMethod.Delete, "fathom/connection", Jwt.For(user));

        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.Single(
            on.Stage.Audit(user), line => line.Contains(" by user; revoked by the provider: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "fathom/status")]
    [InlineData("DELETE", "fathom/connection")]
    public async Task A_public_status_or_disconnect_without_a_valid_JWT_is_refused(string method, string path)
    {
        var user = Fresh.User();
        await on.Stage.LinkAsync(user);

        foreach (var token in new[] { null, "x", Jwt.For(
            user, secret: "another-secret-of-more-than-32-bytes-in-all"), TestSettings.InternalApiKey })
        {
            using var response = await SendAsync(new HttpMethod(method), path, token);
            await Refusal.IsUnauthorizedAsync(response);
            Assert.Equal([TestSettings.FrontendUrl], response.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        }

        Assert.NotNull(await on.Stage.ConnectionAsync(user));
    }

    [Theory]
    [InlineData("fathom/status", "GET")]
    [InlineData("fathom/connection", "DELETE")]
    [InlineData("FATHOM/%73tatus/", "GET")]
    public async Task A_public_route_refuses_other_methods_and_answers_a_preflight(string path, string allowed)
    {
        using var refused = await SendAsync(HttpMethod.Post, path, Jwt.For(Fresh.User()));
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", TestSettings.FrontendUrl);
        request.Headers.Add("Access-Control-Request-Method", allowed);
        request.Headers.Add("Access-Control-Request-Headers", "authorization");
        using var preflight = await on.Stage.Gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        Assert.Equal([allowed], refused.Content.Headers.Allow);
        Assert.Contains(allowed, string.Join(',', preflight.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
        Assert.Equal([TestSettings.FrontendUrl], preflight.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Empty(on.Stage.Backend.Requests);
    }

    [Fact]
    public async Task The_public_routes_ask_to_try_again_while_the_database_is_down()
    {
        await using var storeless = await Stage.StartAsync(
            TestSettings.OnRealStores("redis://127.0.0.1:9", "postgresql://nobody@127.0.0.1:9/none", ("PUBLIC_STATUS", "true")));

        foreach (var (method, path) in new[] { (HttpMethod.Get, "fathom/status"), (HttpMethod.Delete, "fathom/connection") })
        {
            using var response = await SendAsync(method, path, Jwt.For(Fresh.User()), storeless);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Refusal.AsksToRetry(response);
            await Refusal.IsProblemAsync(response);
        }
    }

    private async Task<JsonElement> StatusAsync(string user)
    {
        using var response = await SendAsync(HttpMethod.Get, "fathom/status", Jwt.For(user));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal([TestSettings.FrontendUrl], response.Headers.GetValues("Access-Control-Allow-Origin"));
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, Stage? stage = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Origin", TestSettings.FrontendUrl);
        return await (stage ?? on.Stage).Gateway.Client.SendAsync(request);
    }

    public sealed class SwitchedOn : IAsyncLifetime
    {
        internal Stage Stage { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Stage = await Stage.StartAsync(("PUBLIC_STATUS", "true"));

        public ValueTask DisposeAsync() => Stage.DisposeAsync();
    }
}
