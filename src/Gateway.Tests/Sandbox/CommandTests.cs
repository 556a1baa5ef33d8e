using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FathomGateway.Sandbox;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>The sandbox as a person meets it at the terminal.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly LineWriter _output = new();
    private readonly LineWriter _errors = new();

    [Fact]
    public async Task The_sandbox_prints_its_addresses_and_ends_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        var running = SandboxCommand.RunAsync([], _output, _errors, stop.Token);
        var line = await _output.FirstLine.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Matches("^Open http://127\\.0\\.0\\.1:[0-9]+/dashboard$", line);
        using (var http = PlainHttpClient.Create(new Uri(line["Open ".Length..])))
            Assert.Contains("Connect Fathom", await http.GetStringAsync(""), StringComparison.Ordinal);

        await stop.CancelAsync();
        Assert.Equal(0, await running.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(
            [line, $"Watch each hop, and choose what goes wrong: {line["Open ".Length..^"/dashboard".Length]}/show", "Ctrl+C ends it."],
            _output.Lines);
        Assert.Empty(_errors.Lines);
    }

    [Fact]
    public async Task Help_of_the_sandbox_is_printed_and_nothing_starts()
    {
        Assert.Equal(0, await RunAsync("--help"));
        Assert.Contains("--gateway-port N", Assert.Single(_output.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--prot", "8080")]
    [InlineData("--port")]
    [InlineData("--port", "0")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "eighty")]
    [InlineData("--gateway-port", "-1")]
    [InlineData("--redis")]
    [InlineData("--redis", "http://127.0.0.1:6379")]
    [InlineData("--database", "postgresql://")]
    [InlineData("--events-url")]
    [InlineData("--events-url", "localhost:3000/fathom-events")]
    [InlineData("--events-url", "http://me:password@localhost:3000/fathom-events")]
    [InlineData("8080")]
    public async Task A_wrong_argument_ends_the_sandbox_with_one_line_and_exit_code_64(params string[] args)
    {
        Assert.Equal(64, await RunAsync(args));
        Assert.Contains(args[0], Assert.Single(_errors.Lines), StringComparison.Ordinal);
        Assert.Empty(_output.Lines);
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--gateway-port")]
    public async Task A_taken_port_ends_the_sandbox_with_a_remedy_and_exit_code_1(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        Assert.Equal(1, await RunAsync(option, port));
        var line = Assert.Single(_errors.Lines);
        Assert.Contains(port, line, StringComparison.Ordinal);
        Assert.Contains(option, line, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    private Task<int> RunAsync(params string[] args) =>
        SandboxCommand.RunAsync(args, _output, _errors, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
}
