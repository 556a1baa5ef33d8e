using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>A backend that breaks off at any byte of its answer: 502 before its head is complete, a connection cut after it.</summary>
[Trait("Speed", "Slow")]
public sealed class TruncatedResponseTests(SharedProxiedBackend shared) : IClassFixture<SharedProxiedBackend>
{
    private const string Interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";

    private ProxiedBackend Proxied => shared.Value;

    public static TheoryData<string, bool> Answers()
    {
        var rows = new TheoryData<string, bool>();
        foreach (var inGoodOrder in new[] { true, false })
        {
            rows.Add("HTTP/1.1 200 OK\r\nContent-Length: 12\r\nX-A: b\r\n\r\nhello, world", inGoodOrder);
            rows.Add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n", inGoodOrder);
            rows.Add($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc\r\nhello, world\r\n00\r\nX-Sum: 1\r\n\r\n", inGoodOrder);
            rows.Add($"{Interim}HTTP/1.1 201 Created\r\nContent-Length: 12\r\n\r\nhello, world", inGoodOrder);
        }

        // Where the end of the connection is that of the body, a reset is none.
        rows.Add("HTTP/1.1 200 OK\r\nX-A: b\r\n\r\nhello, world", false);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_response_that_is_cut_at_any_byte_never_looks_complete_B5_F21(string answer, bool inGoodOrder)
    {
        for (var length = 0; length <= answer.Length; length++)
        {
            var part = answer[..length];
            Proxied.Backend.Script = async exchange =>
            {
                await exchange.ReadRequestAsync();
                if (part.Length > 0) await exchange.SendAsync(part);
                if (inGoodOrder) exchange.Close();
                else exchange.Reset();
            };
            await using var client = await RawClient.ConnectAsync(Proxied.Http11);
            await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");

            var outcome = await OutcomeAsync(client);

            Assert.True(Expected(answer, length, inGoodOrder).Contains(outcome), $"after {length} bytes: {outcome}");
        }
    }

    private static string[] Expected(string answer, int length, bool inGoodOrder)
    {
        var hasEnd = answer.Contains("Content-Length", StringComparison.Ordinal) || answer.Contains("chunked", StringComparison.Ordinal);
        var final = answer.IndexOf("HTTP/1.1 20", StringComparison.Ordinal);
        if (length < answer.IndexOf("\r\n\r\n", final, StringComparison.Ordinal) + 4) return ["502"];
        if (length < answer.Length || !hasEnd) return ["cut", "502"];
        // A reset may overtake the last bytes, or not.
        var status = answer[(final + 9)..(final + 12)];
        return inGoodOrder ? [status] : ["cut", "502", status];
    }

    private static async Task<string> OutcomeAsync(RawClient client)
    {
        try
        {
            return $"{(await client.ReadFinalResponseAsync("POST")).Final.Status}";
        }
        catch (IOException)
        {
            return "cut";
        }
    }
}
