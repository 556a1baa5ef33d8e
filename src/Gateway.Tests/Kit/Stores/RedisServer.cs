using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit.Sdk;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// A real redis-server on loopback without persistence: after a restart it is empty, as a lost replica would be (unless <c>--appendonly
/// yes</c> is among the options).
/// </summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly string _folder = TempFolder.Create("redis");
    private readonly string[] _options;
    private ChildProcess? _process;

    private RedisServer(string[] options) => _options = options;

    public int Port { get; } = FreePort.Next();

    public string ConnectionString => $"redis://127.0.0.1:{Port}";

    public bool HasExited => _process!.HasExited;

    public int ProcessId => _process!.Id;

    /// <summary>Starts a server; options are redis-server's own, such as <c>--maxmemory 1mb</c> or <c>--requirepass secret</c>.</summary>
    public static async Task<RedisServer> StartAsync(params string[] options)
    {
        var server = new RedisServer(options);
        await server.LaunchAsync();
        return server;
    }

    /// <summary>Sends a command to the server as its operator would, and returns the answer. An error answer throws.</summary>
    public Task<string> CommandAsync(params IEnumerable<string> words) =>
        ChildProcess.RunAsync(Programs.Find("redis-cli", "apt-get install redis-server"), ["-e", "-p", $"{Port}", .. words]);

    /// <summary>SIGKILL: connections are reset.</summary>
    public void Kill() => _process!.Kill();

    /// <summary>Starts again on the same port, killing what still runs there.</summary>
    public async Task RestartAsync()
    {
        await _process!.DisposeAsync();
        await LaunchAsync();
    }

    /// <summary>Freezes the server: connections stay open without answers.</summary>
    public void Suspend() => _process!.Suspend();

    public void Resume() => _process!.Resume();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        TempFolder.Remove(_folder);
    }

    private async Task LaunchAsync()
    {
        _process = ChildProcess.Start(new ProcessStartInfo(
            Programs.Find("redis-server", "apt-get install redis-server"),
            [
                "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder,
                "--save", "", "--appendonly", "no", "--enable-debug-command", "local", .. _options,
            ]));
        await Eventually.BecomesTrueAsync(
            () => _process.HasExited ? throw new XunitException($"redis-server ended:\n{_process.Output}") : AnswersAsync(),
            StartLimit,
            "redis-server answers PING");
    }

    // "+PONG", or "-NOAUTH" from a server that wants a password: both have finished starting; "-LOADING" has not.
    private async Task<bool> AnswersAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        client.ReceiveTimeout = 1_000;
        client.Client.Send("PING\r\n"u8);
        var answer = new byte[64];
        var length = client.Client.Receive(answer);
        return Encoding.ASCII.GetString(answer, 0, length) is ['+', ..] or ['-', 'N', ..];
    }
}
