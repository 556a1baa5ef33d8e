using System.Globalization;
using Xunit.Sdk;

namespace FathomGateway.Tests.Kit;

/// <summary>The gateway as an operator runs it: a process of its own with nothing in its environment but the given settings.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;

    private GatewayProcess(ChildProcess process, int publicPort, int internalPort)
    {
        _process = process;
        Public = new Uri($"http://127.0.0.1:{publicPort}/");
        Internal = new Uri($"http://127.0.0.1:{internalPort}/");
        Client = GatewayClient.For(Public);
        InternalClient = GatewayClient.For(Internal);
    }

    public Uri Public { get; }

    public Uri Internal { get; }

    public HttpClient Client { get; }

    public HttpClient InternalClient { get; }

    public int ProcessId => _process.Id;

    /// <summary>All lines written so far.</summary>
    public string Output => $"{_process.Output}\n{_process.Errors}";

    /// <summary>Starts and waits until the gateway serves. Ports of 0 are replaced by free ones.</summary>
    /// <param name="written">Called with each line that it writes.</param>
    /// <param name="program">In place of the gateway that the tests are about.</param>
    public static async Task<GatewayProcess> StartAsync(
        IDictionary<string, string?> settings, string? shell = null, string? redirection = null, Action<string>? written = null,
        IReadOnlyList<string>? program = null)
    {
        var publicPort = PortOf(settings, "PORT");
        var internalPort = PortOf(settings, "MANAGEMENT_PORT");
        Dictionary<string, string?> all = new(settings) { ["PORT"] = $"{publicPort}", ["MANAGEMENT_PORT"] = $"{internalPort}" };
        var process = GatewayCommand.Start([], all, shell, redirection, written, program);
        var gateway = new GatewayProcess(process, publicPort, internalPort);
        try
        {
            await Eventually.BecomesTrueAsync(gateway.IsLiveAsync, StartLimit, $"the gateway answers {gateway.Internal}health/live");
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the gateway to its end: for faults of the start, <c>--help</c> and the other commands.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string[] arguments, IDictionary<string, string?> settings, string? shell = null, IReadOnlyList<string>? program = null)
    {
        await using var process = GatewayCommand.Start(arguments, settings, shell, program: program);
        return (await process.ExitCodeAsync(EndLimit), process.Output, process.Errors);
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Waits for the end of the process, and for its last line.</summary>
    public Task<int> ExitCodeAsync() => _process.ExitCodeAsync(EndLimit);

    public void Kill() => _process.Kill();

    public void Suspend() => _process.Suspend();

    public void Resume() => _process.Resume();

    /// <summary>Asks the gateway to end, as a deployment does, and waits for its exit code.</summary>
    public Task<int> TerminateAsync()
    {
        _process.Send(Signal.Terminate);
        return _process.ExitCodeAsync(EndLimit);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        InternalClient.Dispose();
        await _process.DisposeAsync();
    }

    private static int PortOf(IDictionary<string, string?> settings, string name) =>
        settings.TryGetValue(name, out var port) && port is not (null or "0")
            ? int.Parse(port, CultureInfo.InvariantCulture)
            : FreePort.Next();

    private async Task<bool> IsLiveAsync()
    {
        if (_process.HasExited)
        {
            // Waiting for the exit code also waits for the last line of output.
            throw new XunitException($"The gateway ended with {await _process.ExitCodeAsync(EndLimit)}:\n{Output}");
        }

        using var response = await InternalClient.GetAsync("health/live");
        return response.IsSuccessStatusCode;
    }
}
