using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency;

/// <summary>A recording backend and a gateway in front of it, over HTTP/1.1 and over cleartext HTTP/2.</summary>
public sealed class Pair : IAsyncLifetime
{
    internal RecordingBackend Backend { get; } = RecordingBackend.Start();

    internal GatewayUnderTest Gateway { get; private set; } = null!;

    internal Uri Http2 { get; private set; } = null!;

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Backend.DisposeAsync();
    }

    /// <summary>One with settings of the test's own.</summary>
    internal static async Task<Pair> WithAsync(params (string Name, string? Value)[] settings)
    {
        var pair = new Pair();
        await pair.StartAsync(settings);
        return pair;
    }

    private async Task StartAsync(params (string Name, string? Value)[] settings)
    {
        var port = FreePort.Next();
        Http2 = new Uri($"http://127.0.0.1:{port}/");
        Gateway = await GatewayUnderTest.StartAsync(
            TestSettings.Embedded([("BACKEND_URL", Backend.Address.ToString()), ("H2C_PORT", $"{port}"), .. settings]));
    }
}
