using System.Net.Sockets;
using System.Text;
using FathomGateway.Tests.Backend;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Fuzz;

/// <summary>
/// A backend that answers Alice with the input, and Bob as it should. Bob gets his answer and nothing else; Alice gets what the backend
/// sent, a 502, or a response that is visibly cut.
/// </summary>
internal sealed class BackendBytesTarget : ITarget
{
    private const int MaxPieces = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ProxiedBackend _proxied;
    private readonly ErrorLogCheck _errorLog;
    private int _bobs;

    private BackendBytesTarget(ProxiedBackend proxied) => (_proxied, _errorLog) = (proxied, new ErrorLogCheck(proxied.Gateway.Log));

    public IReadOnlyList<byte[]> Good => ResponseInputs.Good;

    public static async Task<ITarget> StartAsync() => new BackendBytesTarget(await ProxiedBackend.StartAsync());

    public async Task<string?> ObjectionAsync(byte[] input)
    {
        var random = ResponseInputs.RandomFor(input);
        var method = random.Next(8) switch { 0 => "HEAD", 1 => "POST", _ => "GET" };
        var splits = ResponseInputs.Splits(input.Length, random.Next(1, MaxPieces + 1), random);
        var expected = ReferenceResponse.Read(Encoding.Latin1.GetString(input), method);
        var isSent = new TaskCompletionSource();
        _proxied.Backend.Script = async exchange =>
        {
            if (exchange.Head.Target != "/alice")
            {
                await ProxiedBackend.EchoOfTheTarget(exchange);
                return;
            }

            await exchange.ReadRequestAsync();
            try
            {
                await SendAsync(exchange, input, splits);
            }
            finally
            {
                isSent.TrySetResult();
            }

            // The end of the answer is unknown.
            if (expected is not { Body: not Verdict.Incomplete }) exchange.Close();
        };

        var besides = BobAsync();
        var answer = await AliceAsync(method);
        if (await besides is { } first) return first;
        await isSent.Task.WaitAsync(Limit);
        if (await BobAsync() is { } second) return second;
        return (expected is null ? null : Objection(answer, expected, method)) ?? _errorLog.Objection();
    }

    public ValueTask DisposeAsync() => _proxied.DisposeAsync();

    private static async Task SendAsync(RawExchange exchange, byte[] input, int[] splits)
    {
        var start = 0;
        foreach (var end in splits)
        {
            await exchange.SendAsync(input.AsMemory(start, end - start));
            await IsReceivedAsync(((NetworkStream)exchange.Stream).Socket);
            start = end;
        }
    }

    /// <summary>
    /// What lies at the gateway can be seen there. What is still on its way may well be taken for the answer to what is sent next.
    /// </summary>
    private static async Task IsReceivedAsync(Socket socket)
    {
        // Linux, tcp(7): TCP_INFO, tcpi_unacked.
        const int TcpLevel = 6, InfoOption = 11, UnacknowledgedAt = 24;
        var info = new byte[UnacknowledgedAt + sizeof(uint)];
        while (OperatingSystem.IsLinux() && socket.GetRawSocketOption(TcpLevel, InfoOption, info) == info.Length)
        {
            if (BitConverter.ToUInt32(info, UnacknowledgedAt) == 0) return;
            await Task.Delay(1);
        }
    }

    private async Task<string> AliceAsync(string method)
    {
        await using var alice = await RawClient.ConnectAsync(_proxied.Http11);
        var length = method == "POST" ? "Content-Length: 0\r\n" : "";
        await alice.SendAsync($"{method} /alice HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{length}\r\n");
        return (await alice.ReadToEndAsync()).Text;
    }

    /// <summary>Has a body, and so is sent once.</summary>
    private async Task<string?> BobAsync()
    {
        var target = $"/bob/{Interlocked.Increment(ref _bobs)}";
        var answer = await RawClient.ExchangeAsync(_proxied.Http11, $"POST {target} HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nbob");
        return answer.Status == 200 && answer.BodyText == target ? null : $"{target} was answered {answer.Status}: {answer.BodyText}";
    }

    private static string? Objection(string text, ReferenceResponse expected, string method)
    {
        if (ReferenceResponse.Read(text, method) is not { Head.Verdict: Verdict.Complete } answer) return $"Alice got no head: {text}";
        if (answer.Head is { Status: 502 } head && head.All("X-Gateway-Error").Any())
        {
            // The server in front writes no control characters.
            var isSendable = expected.Head.Verdict == Verdict.Complete
                && !expected.Head.Reason.Concat(expected.Head.Fields!.SelectMany(one => one.Value)).Any(char.IsControl);
            return isSendable && (expected.Body == Verdict.Complete || expected.EndsByClosing) ? "a valid response became 502" : null;
        }

        if (expected.Head.Verdict != Verdict.Complete) return $"an invalid head became {answer.Head.Status}";
        if (answer.Head.Status != expected.Head.Status) return $"{expected.Head.Status} became {answer.Head.Status}";
        if (!expected.Content.StartsWith(answer.Content, StringComparison.Ordinal)) return $"another body: {answer.Content}";
        var isWhole = expected.Body == Verdict.Complete || expected.EndsByClosing;
        if (isWhole && answer.Body != Verdict.Complete) return "a whole body was cut";
        if (!isWhole) return answer.Body == Verdict.Complete ? "a body that breaks off or is wrong looks whole" : null;
        // Where the connection ended the body, chunks do so now.
        var isSame = answer.Content == expected.Content && (expected.EndsByClosing || answer.Trailers == expected.Trailers);
        return isSame ? null : "not all of the body";
    }
}
