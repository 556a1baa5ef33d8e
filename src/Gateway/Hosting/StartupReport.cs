using FathomGateway.Hosting.Kestrel;
using FathomGateway.Settings;
using Microsoft.AspNetCore.Hosting.Server;

namespace FathomGateway.Hosting;

/// <summary>Logs once at the start which ports are served, and the warnings.</summary>
internal sealed partial class StartupReport(
    SettingsReader settings, ListenerPorts ports, IServer server, IHostApplicationLifetime lifetime, ILogger<StartupReport> log)
    : IHostedService
{
    private const string Queued =
        "This .NET runtime starts requests of HTTP/2 by way of a queue: crowds of them take more memory before they are refused.";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!Http2StreamScheduling.TryRunInline(server)) Attention(log, Queued);
        lifetime.ApplicationStarted.Register(() =>
        {
            foreach (var warning in settings.Warnings) Attention(log, warning);
            Serving(log, ports.Public, ports.Internal);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving on port {Port}; internal listener on port {ManagementPort}.")]
    private static partial void Serving(ILogger log, int port, int managementPort);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void Attention(ILogger log, string warning);
}
