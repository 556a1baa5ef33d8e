using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Faults;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>Dead connections in the pool: the next request is served all the same.</summary>
public sealed class DeadConnectionTests(RealStores stores)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_reads_status_relay_and_disconnect_survive_dead_pooled_connections(bool severalHosts)
    {
        await using var api = ScriptedApi.Start(_ => ScriptedApi.Empty);
        var url = await stores.NewDatabaseAsync();
        // With several hosts each is asked for its role first, when the last answer is old.
        var address = severalHosts
            ? $"Host=127.0.0.1:{new Uri(url).Port},127.0.0.1:{FreePort.Next()};Username=postgres;"
                + $"Database={PostgresTestDatabase.NameOf(url)};Host Recheck Seconds=0"
            : url;
        await using var stage = await Stage.StartAsync(
            TestSettings.OnRealStores(await stores.RedisAsync(), address, ("PUBLIC_STATUS", "true"), ("FATHOM_API_URL", api.BaseUrl)));
        await stage.WarmUpAsync();
        await stage.LinkAsync("ann");
        await stage.LinkAsync("ben");
        var state = await stage.StateAsync("cid");

        await AnswersAsync(HttpStatusCode.OK, () => stage.Gateway.InternalAsync(HttpMethod.Get, "connections/ann/access-token"));
        await AnswersAsync(
            HttpStatusCode.OK, () => stage.Gateway.InternalAsync(HttpMethod.Get, "connections/ann/access-token?rejected_version=1"));
        await AnswersAsync(HttpStatusCode.OK, () => stage.Gateway.InternalAsync(HttpMethod.Get, "connections/ann"));
        await AnswersAsync(HttpStatusCode.OK, () => stage.Gateway.InternalAsync(HttpMethod.Get, "connections/ann/fathom/meetings"));
        await AnswersAsync(HttpStatusCode.OK, () => stage.Gateway.InternalAsync(HttpMethod.Delete, "connections/ann"));
        await AnswersAsync(HttpStatusCode.OK, () => PublicAsync(HttpMethod.Get, "fathom/status"));
        await AnswersAsync(HttpStatusCode.OK, () => PublicAsync(HttpMethod.Delete, "fathom/connection"));
        await KillAsync();
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, Fresh.Code()));

        Task KillAsync() => PostgresTestDatabase.QueryAsync(
            url,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        async Task AnswersAsync(HttpStatusCode status, Func<Task<HttpResponseMessage>> ask)
        {
            await KillAsync();
            using var answer = await ask();
            Assert.Equal(status, answer.StatusCode);
        }

        async Task<HttpResponseMessage> PublicAsync(HttpMethod method, string path)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Authorization = new("Bearer", Jwt.For("ben"));
            return await stage.Gateway.Client.SendAsync(request);
        }
    }
}
