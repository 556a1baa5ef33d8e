using FathomGateway.Hosting;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// The gateway inside the test process, on loopback ports of its own; where the tests are about a published file, that file as a process.
/// It sees the given settings and <c>yarp.json</c>, nothing of the machine's environment.
/// </summary>
internal sealed partial class GatewayUnderTest : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly GatewayProcess? _process;
    private readonly CapturedLog _log;

    private GatewayUnderTest(IHost host, CapturedLog log, Uri publicly, Uri internally, GatewayProcess? process = null)
    {
        (_host, _process, _log, Public, Internal) = (host, process, log, publicly, internally);
        Client = GatewayClient.For(Public);
        InternalClient = GatewayClient.For(Internal);
    }

    public Uri Public { get; }

    public Uri Internal { get; }

    /// <summary>Speaks to the public listener, as a browser does.</summary>
    public HttpClient Client { get; }

    /// <summary>Speaks to the internal listener, as the backend does; the API key is the caller's to send.</summary>
    public HttpClient InternalClient { get; }

    /// <summary>Everything that it has logged until now.</summary>
    public CapturedLog Log
    {
        get
        {
            if (_process is { HasExited: false }) ReadToNow();
            return _log;
        }
    }

    /// <summary>Of the gateway itself; beside a process, of another one on the same stores, which does not serve.</summary>
    public IServiceProvider Services => _host.Services;

    /// <param name="clock">The gateway's own, in place of the machine's; the sockets' limits stay real.</param>
    public static async Task<GatewayUnderTest> StartAsync(IDictionary<string, string?> settings, TimeProvider? clock = null)
    {
        if (GatewayCommand.IsPublished) return await StartProcessAsync(settings, clock);
        var log = new CapturedLog();
        var host = Build(settings, log, clock);
        try
        {
            await host.StartAsync();
            await SchemaTriedAsync(host.Services);
            var ports = host.Services.GetRequiredService<ListenerPorts>();
            return new GatewayUnderTest(
                host, log, new Uri($"http://127.0.0.1:{ports.Public}/"), new Uri($"http://127.0.0.1:{ports.Internal}/"));
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    private static IHost Build(IDictionary<string, string?> settings, CapturedLog log, TimeProvider? clock) => Program.Build(
        TestSettings.Configuration(settings),
        // Every level, so that a secret which is logged anywhere is found; and not to the console, which is not read.
        logging =>
        {
            logging.ClearProviders().AddProvider(log).AddFilter<CapturedLog>(null, LogLevel.Trace);
            if (clock is not null) logging.Services.AddSingleton(clock);
        });

    /// <summary>
    /// Waits for the first look at the schema, however it ends: on a busy machine it takes longer than a request would wait. No more than
    /// that is waited for, so a test that has its stores away finds them away.
    /// </summary>
    private static async Task SchemaTriedAsync(IServiceProvider services)
    {
        try
        {
            await services.GetRequiredService<SchemaReadiness>().EnsureAsync(SchemaReadiness.OperatorTimeout, CancellationToken.None);
        }
        catch (ConnectionStoreUnavailableException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        InternalClient.Dispose();
        if (_process is not null) await EndProcessAsync(_process);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _host.StopAsync(limit.Token);
        _host.Dispose();
    }
}
