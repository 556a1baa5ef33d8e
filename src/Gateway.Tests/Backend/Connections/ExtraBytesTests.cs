using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Bytes after the end of an answer belong to no request: the next request on the connection must not get them.</summary>
public sealed class ExtraBytesTests
{
    /// <summary>No server sends a body later than that after its head.</summary>
    private static readonly int[] Delays = [5, 50, 300, 700];

    public static TheoryData<string> Answers() => [.. ExtraBytes.Answers.Keys];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Extra_bytes_sent_with_a_response_reach_no_client_B4(string answer)
    {
        await using var proxied = await ProxiedBackend.StartAsync();
        foreach (var extra in ExtraBytes.Bytes.Keys)
        {
            Assert.Null(await FaultAsync(proxied, answer, extra, delay: 0, atOnce: true));
        }
    }

    /// <summary>The next request comes when the bytes are there: the connection is looked at before it is used.</summary>
    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Extra_bytes_sent_after_a_response_reach_no_later_request_B4(string answer)
    {
        await using var proxied = await ProxiedBackend.StartAsync();
        foreach (var extra in ExtraBytes.Bytes.Keys)
        {
            Assert.Null(await FaultAsync(proxied, answer, extra, delay: 5, atOnce: false));
        }
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Extra_bytes_reach_no_client_at_any_delay_B4()
    {
        var faults = await Task.WhenAll(ExtraBytes.Answers.Keys.Select(FaultsAsync));

        Assert.Empty(faults.SelectMany(some => some));
    }

    private static async Task<List<string>> FaultsAsync(string answer)
    {
        await using var proxied = await ProxiedBackend.StartAsync();
        var faults = new List<string>();
        foreach (var delay in Delays)
        {
            foreach (var extra in ExtraBytes.Bytes.Keys)
            {
                // Bytes that arrive after the next request cannot be distinguished from its answer.
                bool[] orders = ExtraBytes.EndsWithItsHead(answer) ? [true, false] : [false];
                foreach (var atOnce in orders)
                {
                    if (await FaultAsync(proxied, answer, extra, delay, atOnce) is { } fault) faults.Add(fault);
                }
            }
        }

        return faults;
    }

    /// <summary>Null where the first client gets its own answer and the next ones theirs.</summary>
    private static async Task<string?> FaultAsync(ProxiedBackend proxied, string answerName, string extraName, int delay, bool atOnce)
    {
        var name = $"{answerName}, then {extraName} after {delay} ms, next request {(atOnce ? "at once" : "later")}";
        var (method, answer) = ExtraBytes.Answers[answerName];
        var extra = ExtraBytes.Bytes[extraName];
        var left = new TaskCompletionSource();
        proxied.Backend.Script = async exchange =>
        {
            if (exchange.Head.Target != "/first")
            {
                await ProxiedBackend.EchoOfTheTarget(exchange);
                return;
            }

            await exchange.ReadRequestAsync();
            try
            {
                await exchange.SendAsync(delay == 0 ? answer + extra : answer);
                if (delay > 0) await Task.Delay(delay, exchange.ServerEnds);
                if (delay > 0) await exchange.SendAsync(extra);
            }
            finally
            {
                left.SetResult();
            }
        };
        try
        {
            var framing = method == "POST" ? "Content-Length: 4\r\n\r\nbody" : "\r\n";
            await using var first = await RawClient.ConnectAsync(proxied.Http11);
            await first.SendAsync($"{method} /first HTTP/1.1\r\nHost: h\r\n{framing}");
            var (response, _) = await first.ReadFinalResponseAsync(method);
            if (!answer.Contains($"HTTP/1.1 {response.Status}", StringComparison.Ordinal)) return $"{name}: answered {response.Status}";
            if (response.BodyText is not ("" or "no" or "body")) return $"{name}: {response.BodyText}";
            if (!atOnce) await left.Task.WaitAsync(TimeSpan.FromSeconds(20));

            await using var next = await RawClient.ConnectAsync(proxied.Http11);
            await next.SendAsync("POST /next HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
            if ((await next.ReadResponseAsync()).BodyText is var second and not "/next") return $"{name}: the next got {second}";
            // The first client itself must not get them either.
            await first.SendAsync("GET /third HTTP/1.1\r\nHost: h\r\n\r\n");
            return (await first.ReadResponseAsync()).BodyText is var third and not "/third" ? $"{name}: the same got {third}" : null;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or FormatException)
        {
            return $"{name}: {e.Message}";
        }
        finally
        {
            await left.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }
}
