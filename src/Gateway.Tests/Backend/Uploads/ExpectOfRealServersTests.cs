using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>curl asks for 100 by itself before it sends a megabyte or more; servers that people develop with never answer that.</summary>
[Trait("Speed", "Slow")]
public sealed class ExpectOfRealServersTests
{
    private const int Length = 2_000_000;

    // Far more than curl's own second on a busy machine, far less than the hundred seconds that a gateway could wait.
    private const string Limit = "25";

    private const string Python = """
        from http.server import BaseHTTPRequestHandler, HTTPServer
        class Handler(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.VERSION'
            def do_PUT(self):
                body = b'%d bytes' % len(self.rfile.read(int(self.headers['Content-Length'])))
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        HTTPServer(('127.0.0.1', port), Handler).serve_forever()
        """;

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public async Task A_body_of_2_MB_with_Expect_reaches_a_server_in_Python_B2(string version)
    {
        await using var server = await ServerProgram.PythonAsync(Python.Replace("VERSION", version, StringComparison.Ordinal));

        Assert.Equal($"{Length} bytes 200", await PutAsync(server));
    }

    [Fact]
    public async Task The_refusal_of_Pythons_file_server_arrives_B2()
    {
        await using var server = await ServerProgram.StartAsync(
            "python3", port => ["-m", "http.server", "--bind", "127.0.0.1", $"{port}"], folder: TempFolder.Create("files"));

        Assert.EndsWith(" 501", await PutAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_2_MB_with_Expect_reaches_PHPs_server_B2()
    {
        Assert.SkipUnless(Programs.IsOnPath("php"), "php is not installed on this machine.");
        var script = Path.Combine(TempFolder.Create("php"), "index.php");
        await File.WriteAllTextAsync(script, "<?php echo strlen(file_get_contents('php://input')), ' bytes';");
        await using var server = await ServerProgram.StartAsync("php", port => ["-S", $"127.0.0.1:{port}", script]);

        Assert.Equal($"{Length} bytes 200", await PutAsync(server));
    }

    [Fact]
    public async Task A_body_of_2_MB_with_Expect_reaches_a_server_in_Node_B2()
    {
        await using var server = await ServerProgram.NodeAsync("""
            import http from 'node:http';
            http.createServer(async (req, res) => {
              let length = 0;
              for await (const piece of req) length += piece.length;
              res.end(`${length} bytes`);
            }).listen(port, '127.0.0.1');
            """);

        Assert.Equal($"{Length} bytes 200", await PutAsync(server));
    }

    private static async Task<string> PutAsync(ServerProgram server)
    {
        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("BACKEND_URL", $"{server.Address}")));
        var file = Path.Combine(TempFolder.Create("upload"), "file");
        await File.WriteAllBytesAsync(file, new byte[Length]);
        var answer = await ChildProcess.RunAsync(
            "curl", "-sS", "--max-time", Limit, "-T", file, "-w", " %{http_code}", $"{gateway.Public}file");
        return answer.Split('\n')[^1];
    }
}
