using System.Diagnostics.CodeAnalysis;

namespace FathomGateway.Settings.Registration;

/// <summary>
/// Registers hosted services that no request waits for. They are created and started when the gateway serves, so that they do not delay the
/// first request. They stop in the order of their registration.
/// </summary>
internal static class DeferredHostedServices
{
    public static IServiceCollection AddHostedServiceAfterStart<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(this IServiceCollection services)
        where TService : class, IHostedService
    {
        services.AddSingleton<TService>();
        return services.AddStartedLater<TService>();
    }

    /// <summary>Registers a deferred start of a service that is registered already.</summary>
    public static IServiceCollection AddStartedLater<TService>(this IServiceCollection services)
        where TService : class, IHostedService =>
        services.AddHostedService(provider => new Later<TService>(provider));

    private sealed class Later<TService>(IServiceProvider services) : IHostedLifecycleService
        where TService : class, IHostedService
    {
        private TService? _service;

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken)
        {
            _service = services.GetRequiredService<TService>();
            return _service.StartAsync(cancellationToken);
        }

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => _service?.StopAsync(cancellationToken) ?? Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
