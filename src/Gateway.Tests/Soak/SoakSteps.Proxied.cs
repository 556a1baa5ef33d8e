using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>Proxied requests, in any state of the stores and the provider.</summary>
internal sealed partial class SoakSteps
{
    private static readonly (string Name, Func<SoakCall, Task<string?>> Run)[] Exchanges =
    [
        ("whole", SoakHttp11.WholeAsync),
        ("expect", SoakHttp11.ExpectAsync),
        ("early answer", SoakHttp11.EarlyAsync),
        ("duplex", SoakHttp11.DuplexAsync),
        ("cut", SoakHttp11Failures.CutAsync),
        ("bytes behind no body", SoakHttp11Failures.BodilessAsync),
        ("stray bytes", SoakHttp11Failures.StrayAsync),
        ("download broken off", SoakHttp11Failures.AbortDownloadAsync),
        ("upload broken off", SoakHttp11Failures.AbortUploadAsync),
        ("upgrade", SoakHttp11Upgrades.UpgradeAsync),
        ("HTTP/2 whole", SoakHttp2.WholeAsync),
        ("HTTP/2 early answer", SoakHttp2.EarlyAsync),
        ("HTTP/2 duplex", SoakHttp2.DuplexAsync),
        ("HTTP/2 cut", SoakHttp2.CutAsync),
        ("HTTP/2 bytes behind no body", SoakHttp2.BodilessAsync),
        ("HTTP/2 download broken off", SoakHttp2.AbortDownloadAsync),
        ("HTTP/2 upload broken off", SoakHttp2.AbortUploadAsync),
    ];

    /// <summary>How long after a response it may take until the backend has noted which request its stray bytes have met.</summary>
    private static readonly TimeSpan Noting = TimeSpan.FromSeconds(5);

    /// <summary>One of all that clients and backends do to each other.</summary>
    public Task ExchangeAsync(SoakReplica at, Random random)
    {
        var (name, run) = Exchanges[random.Next(Exchanges.Length)];
        return ProxiedAsync(new SoakCall(at, random), $"proxied: {name}", run);
    }

    public Task ProxyAsync(SoakReplica at, Random random) => ProxiedAsync(new SoakCall(at, random), "proxied requests", async call =>
    {
        var sent = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(1, 20_000));
        using var answer = await at.Gateway.Client.PostAsync(call.Create("echo").Target, new ByteArrayContent(sent));
        var isTheGateways = answer.Headers.TryGetValues("X-Gateway-Error", out var errors);
        if (isTheGateways) throw new IOException($"{(int)answer.StatusCode} {errors!.First()}");
        var received = await answer.Content.ReadAsByteArrayAsync();
        return sent.AsSpan().SequenceEqual(received) ? null : "other bytes came back";
    });

    public Task SpeakAsync(SoakReplica at, Random random) => ProxiedAsync(new SoakCall(at, random), "WebSockets", async call =>
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = new ClientWebSocket();
        var isHttp2 = call.IsOneIn(3);
        socket.Options.HttpVersion = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var listener = isHttp2 ? at.Http2.BaseAddress! : at.Gateway.Public;
        var address = new UriBuilder(listener) { Scheme = "ws", Path = call.Create("socket").Target };
        await socket.ConnectAsync(address.Uri, isHttp2 ? at.Http2 : null, limit.Token);
        var (sent, received) = (RandomNumberGenerator.GetBytes(2_000), new byte[4_096]);
        await socket.SendAsync(sent, WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
        var length = 0;
        while (length < sent.Length) length += (await socket.ReceiveAsync(received.AsMemory(length), limit.Token)).Count;
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        return sent.AsSpan().SequenceEqual(received.AsSpan(0, length)) ? null : "other bytes came back";
    });

    /// <summary>
    /// What is wrong is wrong at any time; that nothing came is excused where that very gateway, or the backend's connection, was at fault.
    /// </summary>
    private async Task ProxiedAsync(SoakCall call, string what, Func<SoakCall, Task<string?>> exchange)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            environment.Model.Count(what);
            if (await exchange(call) is { } fault) environment.Model.Violate("exact", $"{what} {string.Join(' ', call.Ids)}: {fault}");
        }
        catch (Exception failure) when (failure is HttpRequestException or WebSocketException or IOException or SocketException
            or OperationCanceledException or ObjectDisposedException)
        {
            if (call.At.IsExcused(begun)) return;
            if (await IsSpoiledAsync(call)) environment.Model.Count("requests that crossed stray bytes of the backend");
            else environment.Model.Violate("P1", $"{what} {string.Join(' ', call.Ids)}: {failure.GetType().Name}: {failure.Message}");
        }
    }

    private async Task<bool> IsSpoiledAsync(SoakCall call)
    {
        try
        {
            await Eventually.BecomesTrueAsync(() => call.Ids.Any(environment.Backend.IsSpoiled), Noting, "the request met stray bytes");
            return true;
        }
        catch (Xunit.Sdk.XunitException)
        {
            return false;
        }
    }
}
