using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using FathomGateway.Sandbox;
using FathomGateway.Sandbox.Backend;
using FathomGateway.Sandbox.Frontend;
using FathomGateway.Sandbox.Hosting;
using FathomGateway.Sandbox.Provider;
using FathomGateway.Sandbox.Show;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>How the parts of the sandbox work together.</summary>
public sealed class SandboxTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sandboxs_gateway_redirects_to_the_stand_in_Fathom_with_its_parameters()
    {
        await using var sandbox = await SandboxEnvironment.StartAsync(new SandboxOptions(), Cancellation);
        using var http = PlainHttpClient.Create(sandbox.Gateway);
        using var signedIn = await http.PostAsJsonAsync("/auth/login", new { user = "ann" });
        var token = (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var url = new Uri((await http.GetFromJsonAsync<JsonElement>("/fathom/connect")).GetProperty("url").GetString()!);

        var query = QueryHelpers.ParseQuery(url.Query);
        Assert.Equal(sandbox.Fathom.Authority, url.Authority);
        Assert.Equal($"{sandbox.Gateway}fathom/callback", query["redirect_uri"].ToString());
        Assert.Equal("S256", query["code_challenge_method"].ToString());
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(url)).StatusCode);
    }

    [Fact]
    public async Task Two_sandboxes_run_side_by_side()
    {
        await using var one = await SandboxEnvironment.StartAsync(new SandboxOptions(), Cancellation);
        await using var other = await SandboxEnvironment.StartAsync(new SandboxOptions(), Cancellation);

        var addresses = new[] { one, other }.SelectMany(
            sandbox => new[] { sandbox.Dashboard, sandbox.Gateway, sandbox.Fathom, sandbox.Backend });
        Assert.Equal(8, addresses.Distinct().Count());
    }

    [Fact]
    public async Task A_port_that_the_sandbox_loses_at_the_last_moment_is_reported_as_unavailable()
    {
        using var winner = new TcpListener(IPAddress.Loopback, 0);
        winner.Start();
        var port = ((IPEndPoint)winner.LocalEndpoint).Port;
        var data = TempFolder.Create("sandbox-lost-port");
        var client = new ProviderSettings("a-client", "a-secret", $"http://127.0.0.1:{port}/fathom/callback", TimeSpan.FromHours(1));
        await using var fathom = await FathomStandIn.StartAsync(client, TimeProvider.System, Cancellation);
        await using var stores = await SandboxStores.OpenAsync(new SandboxOptions(), data);
        await using var frontend = await FrontendStandIn.StartAsync(0, $"http://127.0.0.1:{port}", stores, () => { }, Cancellation);
        using var gatewayApi = new GatewayInternalApi(Secret.New());
        await using var backend =
            await BackendStandIn.StartAsync(Secret.New(), Origin.Of(frontend.Address), gatewayApi, TimeProvider.System, Cancellation);

        var settings = GatewaySettings.For(port, data, SandboxSecrets.New(), client, fathom, backend, frontend, new SandboxOptions());
        var lost = await Assert.ThrowsAsync<PortUnavailableException>(() => GatewayInFront.StartAsync(settings, port, Cancellation));
        Assert.Equal("--gateway-port", lost.Option);
    }
}
