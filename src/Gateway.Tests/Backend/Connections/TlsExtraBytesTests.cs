using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>
/// Over TLS, what lies behind an answer can be a record of its own that was received with the answer's: the socket has nothing more to
/// read, and the bytes wait within TLS.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class TlsExtraBytesTests
{
    public static TheoryData<string> Answers() => [.. ExtraBytes.Answers.Keys];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Extra_TLS_data_is_not_read_as_the_next_response_B4(string name)
    {
        var (method, answer) = ExtraBytes.Answers[name];
        await using var proxied = await ProxiedBackend.StartAsync(tls: true);
        foreach (var extra in ExtraBytes.Bytes.Values)
        {
            proxied.Backend.Script = async exchange =>
            {
                if (exchange.Head.Target != "/first")
                {
                    await ProxiedBackend.EchoOfTheTarget(exchange);
                    return;
                }

                await exchange.ReadRequestAsync();
                await exchange.SendTogetherAsync(answer, extra);
            };
            await using var first = await RawClient.ConnectAsync(proxied.Http11);
            await first.SendAsync(First(method));
            var (response, _) = await first.ReadFinalResponseAsync(method);
            Assert.Contains($"HTTP/1.1 {response.Status}", answer, StringComparison.Ordinal);

            for (var i = 0; i < 3; i++) Assert.Equal($"/next/{i}", await proxied.GetAsync($"/next/{i}"));
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Extra_TLS_data_is_not_read_as_the_next_response_after_the_reuse_delay_B4(string name)
    {
        var (method, answer) = ExtraBytes.Answers[name];
        await using var proxied = await ProxiedBackend.StartAsync(tls: true);
        proxied.Backend.Script = async exchange =>
        {
            if (exchange.Head.Target != "/first")
            {
                await ProxiedBackend.EchoOfTheTarget(exchange);
                return;
            }

            await exchange.ReadRequestAsync();
            await exchange.SendTogetherAsync(answer, ExtraBytes.Bytes["a whole answer"]);
        };
        await using var first = await RawClient.ConnectAsync(proxied.Http11);
        await first.SendAsync(First(method));
        await first.ReadFinalResponseAsync(method);

        // Longer than the reuse delay after a response without a body.
        await Task.Delay(TimeSpan.FromSeconds(1.2));

        for (var i = 0; i < 3; i++) Assert.Equal($"/next/{i}", await proxied.GetAsync($"/next/{i}"));
    }

    /// <summary>An answer that fills the reader's buffer to its end leaves the record behind it where it is.</summary>
    [Theory]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(4096)]
    [InlineData(8192)]
    [InlineData(16_384)]
    [InlineData(32_768)]
    [InlineData(65_536)]
    [InlineData(69_632)]
    [InlineData(131_072)]
    public async Task Extra_TLS_data_behind_a_full_buffer_is_not_read_as_the_next_response_B4(int length)
    {
        await using var proxied = await ProxiedBackend.StartAsync(tls: true);
        var head = $"HTTP/1.1 200 OK\r\nContent-Length: {length - 60}\r\n";
        head += $"X: {new string('x', 60 - head.Length - 7)}\r\n\r\n";
        proxied.Backend.Script = async exchange =>
        {
            if (exchange.Head.Target != "/first")
            {
                await ProxiedBackend.EchoOfTheTarget(exchange);
                return;
            }

            await exchange.ReadRequestAsync();
            await exchange.SendTogetherAsync(head + new string('b', length - 60), ExtraBytes.Bytes["a whole answer"]);
        };
        Assert.Equal(length - 60, (await proxied.GetAsync("/first"))!.Length);

        for (var i = 0; i < 3; i++) Assert.Equal($"/next/{i}", await proxied.GetAsync($"/next/{i}"));
    }

    private static string First(string method) =>
        $"{method} /first HTTP/1.1\r\nHost: h\r\n{(method == "POST" ? "Content-Length: 4\r\n\r\nbody" : "\r\n")}";
}
