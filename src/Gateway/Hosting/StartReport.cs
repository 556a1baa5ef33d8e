using FathomGateway.Settings;

namespace FathomGateway.Hosting;

/// <summary>Says once, at the start, what is served where, and what deserves attention.</summary>
internal sealed partial class StartReport(SettingsReader settings, ListenerPorts ports, IHostApplicationLifetime lifetime, ILogger<StartReport> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
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
