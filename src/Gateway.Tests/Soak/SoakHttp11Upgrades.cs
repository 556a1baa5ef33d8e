using System.Net.Sockets;
using System.Text;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>Connections that change their protocol, which one end or the other ends or breaks off.</summary>
internal static class SoakHttp11Upgrades
{
    public static async Task<string?> UpgradeAsync(SoakCall call)
    {
        var (sent, ender) = (call.Number(2, 100_000), call.Pick("client", "client-resets", "backend", "backend-resets"));
        var request = call.Create("upgrade", sent, ender == "backend" ? sent : sent / 2, ender);
        await using var client = await SoakHttp11.ConnectAsync(call);
        await client.SendAsync(SoakHttp11.Head(request, "GET", "Connection: Upgrade\r\nUpgrade: soak\r\n"));
        var head = await client.ReadHeadAsync();
        if (head.Value("X-Gateway-Error") is { } error) throw new IOException($"{head.Status} {error}");
        if (head.Status != 101 || head.Value("X-Id") != request.Id) return $"{head.StartLine} of {head.Value("X-Id")}";

        var sending = SendAsync(client, request);
        var echoed = new StringBuilder();
        if (ender == "client-resets")
        {
            while (echoed.Length < request.Length && await client.ReadSomeAsync() is { Length: > 0 } some)
            {
                echoed.Append(Encoding.Latin1.GetString(some));
            }

            client.Reset();
        }
        else
        {
            echoed.Append((await client.ReadToEndAsync()).Text);
        }

        await sending;
        var whole = Encoding.Latin1.GetString(request.RequestBody);
        var isPart = whole.StartsWith(echoed.ToString(), StringComparison.Ordinal);
        if (!isPart) return request.FaultOfPart(echoed.ToString()) ?? "other bytes came back";
        if (ender is "client-resets" or "backend-resets" || echoed.Length == whole.Length) return null;
        throw new EndOfStreamException($"{echoed.Length} of {whole.Length} bytes came back before the {ender} ended.");
    }

    private static async Task SendAsync(RawClient client, SoakRequest request)
    {
        try
        {
            await SoakHttp11.SendAsync(client, request.RequestBody, isChunked: false, "");
            if (request.Variant == "client") client.FinishSending();
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or SocketException && request.Variant != "client")
        {
            // The other end has ended it, or this one.
        }
    }
}
