using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Faults;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Tcp;

/// <summary>The runtime's variables, as an operator may have set them.</summary>
[Trait("Speed", "Slow")]
public sealed class SocketVariablesTests : IAsyncDisposable
{
    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private readonly RecordingBackend _backend = RecordingBackend.Start();

    /// <summary>
    /// With 0 no socket is marked, as where the runtime has no such mark. 1 would put the stores on the threads that forward. Zero threads
    /// all would serve nobody.
    /// </summary>
    [Theory]
    [InlineData(Inline, "0", false)]
    [InlineData(Inline, "1", true)]
    [InlineData(ThreadCount, "0", false)]
    [InlineData(ThreadCount, "3", false)]
    public async Task The_gateway_serves_with_any_value_of_the_runtimes_socket_variables(string name, string value, bool isWarnedOf)
    {
        await using var gateway = await GatewayProcess.StartAsync(
            TestSettings.Embedded([.. _provider.Settings, ("BACKEND_URL", $"{_backend.Address}"), (name, value)]));

        for (var i = 0; i < 5; i++) Assert.Equal("backend", await gateway.Client.GetStringAsync("anything"));
        Assert.Equal(CallbackRedirect.Success, await gateway.LandAsync(await gateway.StateAsync(Fresh.User()), Fresh.Code()));
        Assert.Equal(isWarnedOf, gateway.Output.Contains($"{Inline} is ignored", StringComparison.Ordinal));
        Assert.DoesNotContain("no inline completions for single sockets", gateway.Output, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _provider.Dispose();
        await _backend.DisposeAsync();
    }
}
