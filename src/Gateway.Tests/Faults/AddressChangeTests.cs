using System.Net;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>A real process that resolves a name as the system does, and the name's address changes under it.</summary>
[Trait("Speed", "Slow")]
public sealed class AddressChangeTests
{
    private const string Name = "backend.example.test";

    [Fact]
    public async Task A_backend_that_moves_to_another_address_is_found_there_without_a_restart_F24()
    {
        Assert.SkipUnless(await OwnHosts.CanBeHadAsync(), "This machine gives the tests no mounts of their own.");
        using var hosts = new OwnHosts();
        hosts.Set(Name, "127.0.0.1");
        await using var old = RawServer.Start(Saying("old"));
        await using var @new = RawServer.Start(Saying("new"), new IPEndPoint(IPAddress.Parse("127.0.0.2"), old.Address.Port));
        await using var gateway =
            await GatewayProcess.StartAsync(TestSettings.Embedded(("BACKEND_URL", $"http://{Name}:{old.Address.Port}")), hosts.Shell);
        // Several connections, all of which lead to the old address.
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => gateway.Client.GetStringAsync("anything"))),
            answer => Assert.Equal("old", answer));

        hosts.Set(Name, "127.0.0.2");
        await old.DisposeAsync();

        await Eventually.BecomesTrueAsync(
            async () => await gateway.Client.GetStringAsync("anything") == "new",
            TimeSpan.FromSeconds(30),
            "the backend is found at its new address");
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.Client.GetStringAsync("anything"))),
            answer => Assert.Equal("new", answer));
    }

    private static Func<RawExchange, Task> Saying(string text) =>
        RawResponse.Verbatim($"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\n\r\n{text}");
}
