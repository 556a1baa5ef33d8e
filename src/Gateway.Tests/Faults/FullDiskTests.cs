using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>Embedded mode on a disk of its own, which others fill.</summary>
[Trait("Speed", "Slow")]
public sealed class FullDiskTests : IAsyncLifetime
{
    private const string Folder = "/mnt";

    private readonly RecordingBackend _backend = RecordingBackend.Start();
    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private GatewayProcess _gateway = null!;

    [Fact]
    public async Task A_full_disk_spends_neither_state_nor_code_and_proxied_requests_go_on_F25()
    {
        var (user, code) = (Fresh.User(), Fresh.Code());
        var state = await _gateway.StateAsync(user);
        Fill();

        Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), await _gateway.LandAsync(state, code));
        Assert.DoesNotContain(_provider.TokenRequests, request => request.Code == code);
        Assert.Equal("backend", await _gateway.Client.GetStringAsync("anything"));
        Assert.Contains(
            "\"proxy\":\"up\",\"connect\":\"up\",\"store\":\"down\"",
            await _gateway.InternalClient.GetStringAsync("health/ready"),
            StringComparison.Ordinal);

        MakeRoom();
        Assert.Equal(CallbackRedirect.Success, await _gateway.LandAsync(state, code));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(user));
    }

    [Fact]
    public async Task Tokens_issued_while_the_disk_fills_are_stored_once_there_is_room_F25()
    {
        var user = Fresh.User();
        var state = await _gateway.StateAsync(user);
        _provider.Answers(_ =>
        {
            Fill();
            return Task.FromResult(_provider.NewTokens());
        });

        Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), await _gateway.LandAsync(state, Fresh.Code()));
        Assert.NotEqual(HttpStatusCode.OK, await StatusAsync(user));

        MakeRoom();
        await Eventually.BecomesTrueAsync(
            async () => await StatusAsync(user) == HttpStatusCode.OK, TimeSpan.FromSeconds(60), "the tokens are stored");
    }

    public async ValueTask InitializeAsync()
    {
        var mayMount = OperatingSystem.IsLinux() && Programs.IsOnPath("unshare") && await MayMountAsync();
        Assert.SkipUnless(mayMount, "Only root may mount a small disk for the test.");
        // A private file system that disappears with the process.
        _gateway = await GatewayProcess.StartAsync(
            TestSettings.Embedded([.. _provider.Settings, ("BACKEND_URL", $"{_backend.Address}"), ("DATA_DIR", $"{Folder}/data")]),
            shell: $"""exec unshare --mount sh -c 'mount -t tmpfs -o size=8m tmpfs {Folder} && exec "$@"' sh "$@" """);
        await _gateway.WarmUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        _provider.Dispose();
        await _backend.DisposeAsync();
    }

    private string Filler => $"/proc/{_gateway.ProcessId}/root{Folder}/filler";

    private static async Task<bool> MayMountAsync()
    {
        await using var attempt = ChildProcess.Start(new("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", Folder]));
        return await attempt.ExitCodeAsync(TimeSpan.FromSeconds(30)) == 0;
    }

    /// <summary>To the last byte.</summary>
    private void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var piece = new byte[4096];
        while (Record.Exception(() => file.Write(piece)) is null)
        {
            // Until there is no room.
        }
    }

    private void MakeRoom() => File.Delete(Filler);

    private async Task<HttpStatusCode> StatusAsync(string user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"connections/{user}");
        request.Headers.Authorization = new("Bearer", TestSettings.InternalApiKey);
        using var response = await _gateway.InternalClient.SendAsync(request);
        return response.StatusCode;
    }
}
