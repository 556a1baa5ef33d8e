using System.Diagnostics;
using System.Net.Sockets;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>
/// A backend in Python that compares <c>Origin</c> with <c>Host</c>, as frameworks do against forged forms, and names its uploads by
/// <c>Host</c>, as servers of tus do.
/// </summary>
internal sealed class NamingBackend : IAsyncDisposable
{
    private const string Program = """
        import http.server, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def answer(self, status, *fields):
                self.rfile.read(int(self.headers.get('Content-Length', 0)))
                self.send_response(status)
                for name, value in fields: self.send_header(name, value)
                if status != 204: self.send_header('Content-Length', '0')
                self.end_headers()
            def do_POST(self):
                host = self.headers['Host']
                if self.path == '/files': return self.answer(201, ('Location', f'http://{host}/files/1'), ('Tus-Resumable', '1.0.0'))
                self.answer(200 if self.headers['Origin'] == f'http://{host}' else 403)
            def do_PATCH(self):
                self.answer(204, ('Upload-Offset', self.headers['Content-Length']))
            def log_message(self, *args): pass
        http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
        """;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _process;

    private NamingBackend(ChildProcess process, int port)
    {
        _process = process;
        Address = new Uri($"http://127.0.0.1:{port}/");
    }

    public Uri Address { get; }

    public static async Task<NamingBackend> StartAsync()
    {
        var port = FreePort.Next();
        var backend = new NamingBackend(ChildProcess.Start(new ProcessStartInfo(Programs.Find("python3", "apt-get install python3"),
            ["-c", Program, $"{port}"])), port);
        await Eventually.BecomesTrueAsync(() => backend.AcceptsAsync(), StartLimit, "the backend accepts connections");
        return backend;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<bool> AcceptsAsync()
    {
        using var probe = new TcpClient();
        await probe.ConnectAsync(Address.Host, Address.Port);
        return true;
    }
}
