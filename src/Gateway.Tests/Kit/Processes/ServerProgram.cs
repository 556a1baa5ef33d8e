using System.Diagnostics;
using System.Net.Sockets;
using Xunit.Sdk;

namespace FathomGateway.Tests.Kit;

/// <summary>A backend that is a program of its own (Node, Python, PHP, nginx), on a loopback port.</summary>
internal sealed class ServerProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private ServerProgram(ChildProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public string Output => $"{_process.Output}\n{_process.Errors}";

    /// <summary>Starts the program and waits until it accepts connections.</summary>
    /// <param name="arguments">Given the port to listen on.</param>
    public static async Task<ServerProgram> StartAsync(
        string name, Func<int, string[]> arguments, string scheme = "http", string? folder = null)
    {
        var port = FreePort.Next();
        var program = Programs.Find(name, $"apt-get install {name}");
        var start = new ProcessStartInfo(program, arguments(port)) { WorkingDirectory = folder ?? "" };
        var server = new ServerProgram(ChildProcess.Start(start), new Uri($"{scheme}://127.0.0.1:{port}/"));
        try
        {
            await Eventually.BecomesTrueAsync(server.AcceptsAsync, StartLimit, $"{name} accepts connections");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A Node server: the script finds its port in the variable <c>port</c>.</summary>
    public static Task<ServerProgram> NodeAsync(string script) =>
        StartAsync("node", port => ["--input-type=module", "--eval", $"const port = {port};\n{script}"]);

    /// <summary>A Python server: the script finds its port in the variable <c>port</c>.</summary>
    public static Task<ServerProgram> PythonAsync(string script) => StartAsync("python3", port => ["-c", $"port = {port}\n{script}"]);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<bool> AcceptsAsync()
    {
        if (_process.HasExited) throw new XunitException($"The server has ended:\n{Output}");
        using var probe = new TcpClient();
        await probe.ConnectAsync(Address.Host, Address.Port);
        return true;
    }
}
