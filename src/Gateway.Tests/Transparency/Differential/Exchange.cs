using System.Text;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Http2;

namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>Runs a case, straight to the backend or through the gateway, and tells what both ends saw.</summary>
internal static class Exchange
{
    public static async Task<Seen> RunAsync(Case one, RecordingBackend backend, Uri http11, Uri? http2)
    {
        var before = backend.Requests.Count;
        backend.Answers(async (_, exchange) =>
        {
            foreach (var segment in one.Segments)
            {
                await exchange.SendAsync(segment);
                // So that they are read one by one, as from a network; where they are not, the case is an easier one.
                if (one.Cuts.Count > 0) await Task.Delay(1);
            }

            if (one.BackendCloses) exchange.Close();
        });
        var interim = new List<string>();
        SeenMessage response;
        try
        {
            response = http2 is not null && one.OverHttp2 is { } request
                ? await OverHttp2Async(request, http2, interim)
                : await OverHttp11Async(one, http11, interim);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            response = SeenMessage.Nothing(e);
        }

        var requests = backend.Requests.Skip(before).ToArray();
        return new Seen
        {
            Requests = requests.Length,
            Request = requests.Length > 0 ? SeenMessage.Of(requests[0]) : null,
            Response = response,
            Interim = interim
        };
    }

    private static async Task<SeenMessage> OverHttp2Async(Http2Request request, Uri address, List<string> interim)
    {
        await using var client = await Http2Client.ConnectAsync(address);
        var response = await client.ExchangeAsync(request);
        interim.AddRange(response.Interim.Select(fields => $"HTTP/2 {fields[0].Value}"));
        return SeenMessage.Of(response);
    }

    private static async Task<SeenMessage> OverHttp11Async(Case one, Uri address, List<string> interim)
    {
        await using var client = await RawClient.ConnectAsync(address);
        await client.SendAsync(Encoding.Latin1.GetBytes(one.Request));
        var message = await client.ReadResponseAsync(one.Method);
        while (message.Status < 200)
        {
            interim.Add(message.Head.StartLine);
            message = await client.ReadResponseAsync(one.Method);
        }

        return SeenMessage.Of(message);
    }
}
