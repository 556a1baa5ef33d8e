using System.Net.Sockets;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

[Trait("Speed", "Slow")]
public sealed class ExhaustionTests : IAsyncLifetime
{
    private readonly RecordingBackend _backend = RecordingBackend.Start();
    private readonly ScriptedProvider _provider = ScriptedProvider.Start();

    [Fact]
    public async Task Connections_beyond_the_file_descriptors_are_refused_and_stop_nothing_F25()
    {
        await using var gateway = await GatewayProcess.StartAsync(Settings(), shell: "ulimit -n 600");
        var clients = new List<TcpClient>();
        for (var i = 0; i < 800; i++)
        {
            var client = new TcpClient();
            clients.Add(client);
            // A client that is refused detects it here.
            await Record.ExceptionAsync(async () =>
            {
                await client.ConnectAsync(gateway.Public.Host, gateway.Public.Port);
                await client.GetStream().WriteAsync("GET /anything HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
            });
        }

        // Those who were there first are served, the operator is answered, and the log says what to do.
        Assert.True(await clients[0].GetStream().ReadAsync(new byte[1]) > 0);
        await Eventually.BecomesTrueAsync(gateway.IsReadyAsync, TimeSpan.FromSeconds(60), "the operator is answered");
        Assert.Contains("ulimit -n", gateway.Output, StringComparison.Ordinal);
        // No request to the backend lacked a descriptor, nor did a library that was loaded meanwhile: the process would never load it.
        Assert.DoesNotContain("could not be forwarded", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", gateway.Output, StringComparison.Ordinal);

        foreach (var client in clients) client.Dispose();
        await Eventually.BecomesTrueAsync(
            async () => await gateway.Client.GetStringAsync("anything") == "backend", TimeSpan.FromSeconds(60), "the gateway serves again");
        await gateway.WarmUpAsync();
    }

    [Fact]
    public async Task A_limit_on_open_files_that_is_too_low_stops_the_start_with_a_remedy_F25()
    {
        await using var gateway = GatewayCommand.Start([], Settings(), shell: "ulimit -n 256");

        Assert.Equal(78, await gateway.ExitCodeAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains("ulimit -n", gateway.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_fails_no_request_F25()
    {
        // Every write to this device fails as on a full disk.
        await using var gateway = await GatewayProcess.StartAsync(Settings(), redirection: ">/dev/full 2>/dev/full");

        Assert.Equal("backend", await gateway.Client.GetStringAsync("anything"));
        await gateway.WarmUpAsync();
        Assert.Equal(CallbackRedirect.Failure("invalid_state"), await gateway.LandAsync("garbage", Fresh.Code()));
        Assert.Equal("", gateway.Output.Trim());
        Assert.Equal(0, await gateway.TerminateAsync());
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        _provider.Dispose();
    }

    private Dictionary<string, string?> Settings() =>
        TestSettings.Embedded([.. _provider.Settings, ("BACKEND_URL", $"{_backend.Address}")]);
}
