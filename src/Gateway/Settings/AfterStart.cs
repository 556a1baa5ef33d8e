using System.Diagnostics.CodeAnalysis;

namespace FathomGateway.Settings;

/// <summary>
/// Hosted services that no request waits for: they are made and started when the gateway serves, so that the first request does not wait
/// for them. They are stopped in the place in which they are registered.
/// </summary>
internal static class AfterStart
{
    public static IServiceCollection AddHostedServiceAfterStart<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(this IServiceCollection services)
        where TService : class, IHostedService
    {
        services.AddSingleton<TService>();
        return services.AddStartedLater<TService>();
    }

    /// <summary>The same for one that is registered already.</summary>
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
