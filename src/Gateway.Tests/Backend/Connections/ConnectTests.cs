using System.Net;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>A name with several addresses (RFC 8305): the one that answers is used, and none delays the others.</summary>
[Trait("Speed", "Slow")]
public sealed class ConnectTests
{
    private const string Name = "backend.example.test";

    /// <summary>Far less than the 15 seconds after which an attempt is given up, far more than it takes.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(8);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_backend_on_localhost_is_found_at_whichever_address_it_listens_B7(string address)
    {
        Assert.SkipUnless(await OwnHosts.CanBeHadAsync(), "This machine gives the tests no mounts of their own.");
        foreach (var order in new[] { new[] { "::1", "127.0.0.1" }, ["127.0.0.1", "::1"] })
        {
            using var hosts = new OwnHosts();
            hosts.Set("localhost", order);
            await using var backend = RawServer.Start(ProxiedBackend.EchoOfTheTarget, new IPEndPoint(IPAddress.Parse(address), 0));
            await using var gateway = await StartAsync(hosts, "localhost", backend.Address.Port);

            for (var i = 0; i < 3; i++) Assert.Equal("/anything", await gateway.Client.GetStringAsync("anything"));
        }
    }

    [Fact]
    public async Task An_address_that_refuses_is_skipped_wherever_it_stands_in_the_list_B7()
    {
        Assert.SkipUnless(await OwnHosts.CanBeHadAsync(), "This machine gives the tests no mounts of their own.");
        foreach (var order in new[] { new[] { "127.0.0.2", "127.0.0.3", "127.0.0.1" }, ["127.0.0.1", "127.0.0.2", "127.0.0.3"] })
        {
            using var hosts = new OwnHosts();
            hosts.Set(Name, order);
            await using var backend = RawServer.Start(ProxiedBackend.EchoOfTheTarget);
            await using var gateway = await StartAsync(hosts, Name, backend.Address.Port);

            for (var i = 0; i < 3; i++) Assert.Equal("/anything", await gateway.Client.GetStringAsync("anything"));
        }
    }

    [Theory]
    [InlineData("127.0.0.2", "127.0.0.1")]
    [InlineData("127.0.0.1", "127.0.0.2")]
    [InlineData("::1", "127.0.0.1")]
    [InlineData("127.0.0.2", "::1")]
    public async Task An_address_that_never_answers_does_not_delay_the_connection_to_another_B7(string silent, string open)
    {
        Assert.SkipUnless(await OwnHosts.CanBeHadAsync(), "This machine gives the tests no mounts of their own.");
        foreach (var order in new[] { new[] { silent, open }, [open, silent] })
        {
            using var hosts = new OwnHosts();
            hosts.Set(Name, order);
            // It ends each connection, so that each request needs a new one.
            var closing = RawResponse.Verbatim("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
            await using var backend = RawServer.Start(closing, new IPEndPoint(IPAddress.Parse(open), 0));
            using var nobody = await SilentPort.OpenAsync(new IPEndPoint(IPAddress.Parse(silent), backend.Address.Port));
            await using var gateway = await StartAsync(hosts, Name, backend.Address.Port);

            for (var i = 0; i < 3; i++) Assert.Equal("ok", await gateway.Client.GetStringAsync("anything").WaitAsync(Soon));
        }
    }

    [Fact]
    public async Task A_backend_whose_addresses_all_refuse_is_a_502_at_once_B7()
    {
        Assert.SkipUnless(await OwnHosts.CanBeHadAsync(), "This machine gives the tests no mounts of their own.");
        using var hosts = new OwnHosts();
        hosts.Set(Name, "::1", "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4");
        await using var gateway = await StartAsync(hosts, Name, FreePort.Next());

        using var response = await gateway.Client.GetAsync("anything").WaitAsync(Soon);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.True(response.Headers.Contains("X-Gateway-Error"));
    }

    [Fact]
    public async Task A_backend_whose_addresses_are_all_silent_fails_after_one_limit_for_all_of_them_B7()
    {
        Assert.SkipUnless(await OwnHosts.CanBeHadAsync(), "This machine gives the tests no mounts of their own.");
        using var hosts = new OwnHosts();
        hosts.Set(Name, "127.0.0.2", "127.0.0.3", "127.0.0.4");
        var port = FreePort.Next();
        using var first = await SilentPort.OpenAsync(new IPEndPoint(IPAddress.Parse("127.0.0.2"), port));
        using var second = await SilentPort.OpenAsync(new IPEndPoint(IPAddress.Parse("127.0.0.3"), port));
        using var third = await SilentPort.OpenAsync(new IPEndPoint(IPAddress.Parse("127.0.0.4"), port));
        await using var gateway = await StartAsync(hosts, Name, port);

        // Less than 15 s for each, which the client's own limit would not allow either.
        using var response = await gateway.Client.GetAsync("anything");

        Assert.True(response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout, $"{response.StatusCode}");
        Assert.True(response.Headers.Contains("X-Gateway-Error"));
    }

    /// <summary>So that what it says is what the proxy does.</summary>
    [Theory]
    [InlineData("127.0.0.1", 0)]
    [InlineData("127.0.0.2", 1)]
    public async Task The_doctor_connects_to_the_addresses_of_a_name_as_the_proxy_does_B7(string listensAt, int expected)
    {
        Assert.SkipUnless(await OwnHosts.CanBeHadAsync(), "This machine gives the tests no mounts of their own.");
        using var hosts = new OwnHosts();
        hosts.Set(Name, "::1", "127.0.0.1");
        await using var backend = RawServer.Start(ProxiedBackend.EchoOfTheTarget, new IPEndPoint(IPAddress.Parse(listensAt), 0));
        var settings = TestSettings.Embedded(("BACKEND_URL", $"http://{Name}:{backend.Address.Port}"));

        var (_, output, _) = await GatewayProcess.RunAsync(["doctor"], settings, hosts.Shell);

        var line = output.Split('\n')
            .Single(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [not "BACKEND_HOST", "backend", ..]);
        Assert.Equal(expected == 0, line.TrimStart().StartsWith("ok", StringComparison.Ordinal));
    }

    /// <summary>As in a container whose network has no route for IPv6.</summary>
    [Theory]
    [InlineData("127.0.0.2", "127.0.0.1")]
    [InlineData("127.0.0.1", "127.0.0.2")]
    [InlineData("::1", "127.0.0.1")]
    public async Task An_event_reaches_a_receiver_of_which_one_address_never_answers(string first, string second)
    {
        Assert.SkipUnless(await OwnHosts.CanBeHadAsync(), "This machine gives the tests no mounts of their own.");
        await using var receiver = EventReceiver.Start();
        var url = new UriBuilder(receiver.Url) { Host = Name };
        using var hosts = new OwnHosts();
        hosts.Set(Name, first, second);
        var silent = first == "127.0.0.1" ? second : first;
        using var nobody = await SilentPort.OpenAsync(new IPEndPoint(IPAddress.Parse(silent), url.Port));
        var settings = TestSettings.Embedded([.. receiver.Settings, ("EVENTS_URL", $"{url}")]);

        var (_, output, _) = await GatewayProcess.RunAsync(["doctor", "--send-event"], settings, hosts.Shell);

        Assert.True(receiver.Count == 1, output);
    }

    private static Task<GatewayProcess> StartAsync(OwnHosts hosts, string name, int port) =>
        GatewayProcess.StartAsync(TestSettings.Embedded(("BACKEND_URL", $"http://{name}:{port}")), hosts.Shell);
}
