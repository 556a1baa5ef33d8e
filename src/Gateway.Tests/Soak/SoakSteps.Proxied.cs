using System.Diagnostics;
using System.Net.WebSockets;
using System.Security.Cryptography;

namespace FathomGateway.Tests.Soak;

/// <summary>What passes through to the backend, whatever becomes of the stores and the provider.</summary>
internal sealed partial class SoakSteps
{
    public Task ProxyAsync(SoakReplica at) => ProxiedAsync(at, "proxied requests", async () =>
    {
        var sent = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(1, 20_000));
        using var answer = await at.Gateway.Client.PostAsync("echo", new ByteArrayContent(sent));
        var received = await answer.Content.ReadAsByteArrayAsync();
        return sent.AsSpan().SequenceEqual(received);
    });

    public Task SpeakAsync(SoakReplica at) => ProxiedAsync(at, "WebSockets", async () =>
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(at.Gateway.Public) { Scheme = "ws", Path = "socket" }.Uri, limit.Token);
        var (sent, received) = (RandomNumberGenerator.GetBytes(2_000), new byte[4_096]);
        await socket.SendAsync(sent, WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
        var length = 0;
        while (length < sent.Length) length += (await socket.ReceiveAsync(received.AsMemory(length), limit.Token)).Count;
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        return sent.AsSpan().SequenceEqual(received.AsSpan(0, length));
    });

    private async Task ProxiedAsync(SoakReplica at, string what, Func<Task<bool>> exchange)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            world.Model.Count(what);
            if (!await exchange()) world.Model.Violate("P1", $"{what}: other bytes came back");
        }
        catch (Exception failure) when (failure is HttpRequestException or WebSocketException or IOException or OperationCanceledException)
        {
            if (!at.IsExcused(begun)) world.Model.Violate("P1", $"{what}: {failure.GetType().Name}");
        }
    }
}
