using FathomGateway.Events.Outbox;
using FathomGateway.Settings;
using FathomGateway.Settings.Registration;
using FathomGateway.Tokens;

namespace FathomGateway.Events;

/// <summary>Tells the backend of each change of a connection, by signed posts to EVENTS_URL.</summary>
internal static class EventsFeature
{
    public static IServiceCollection AddEvents(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton<EventOutbox>();
        // These two also run without EVENTS_URL: a setting that is lost in a deployment must not hide the events that wait.
        services.AddHostedServiceAfterStart<EventSweep>();
        services.AddHostedServiceAfterStart<EventGauge>();
        if (EventsOptions.Read(settings) is not { } options) return services;
        services.AddSingleton(options);
        // ConnectionStore writes events only where this service exists.
        services.AddSingleton<ConnectionEvents>();
        services.AddSingleton<EventSender>();
        return services.AddHostedServiceAfterStart<EventDelivery>();
    }
}
