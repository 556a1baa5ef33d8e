using System.Diagnostics.CodeAnalysis;

namespace FathomGateway.Settings.Registration;

/// <summary>
/// Registers hosted services that no request waits for. They are created and started when the gateway serves, so that they do not delay the
/// first request. They stop in the reverse order of their registration, like all hosted services.
/// </summary>
internal static partial class DeferredHostedServices
{
    public static IServiceCollection AddHostedServiceAfterStart<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(this IServiceCollection services)
        where TService : class, IHostedService
    {
        services.AddSingleton<TService>();
        return services.AddDeferredStart<TService>();
    }

    /// <summary>Registers a deferred start of a service that is registered already.</summary>
    public static IServiceCollection AddDeferredStart<TService>(this IServiceCollection services)
        where TService : class, IHostedService =>
        services.AddHostedService(provider => new DeferredService<TService>(provider));

    private sealed class DeferredService<TService>(IServiceProvider services) : IHostedLifecycleService
        where TService : class, IHostedService
    {
        private TService? _service;

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StartedAsync(CancellationToken cancellationToken)
        {
            _service = services.GetRequiredService<TService>();
            await _service.StartAsync(cancellationToken);
            if (_service is BackgroundService { ExecuteTask: { } running }) _ = WatchAsync(running);
        }

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => _service?.StopAsync(cancellationToken) ?? Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        /// <summary>Stops the process when the service fails, as the host does for the background services that it knows.</summary>
        private async Task WatchAsync(Task running)
        {
            var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
            var log = services.GetRequiredService<ILogger<TService>>();
            try
            {
                await running;
            }
            catch (Exception failure) when (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                Failed(log, failure, typeof(TService).Name);
                lifetime.StopApplication();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The background service {Service} has failed; the gateway stops.")]
    private static partial void Failed(ILogger log, Exception failure, string service);
}
