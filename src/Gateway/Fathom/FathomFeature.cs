using FathomGateway.Fathom.Doctor;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Settings;
using FathomGateway.Settings.Registration;
using FathomGateway.Tls;

namespace FathomGateway.Fathom;

/// <summary>The OAuth client of Fathom.</summary>
internal static class FathomFeature
{
    /// <summary>How long a TCP and TLS handshake with the provider may take, within the call's own limit.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    /// <summary>So that a change of the provider's address is noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Shorter than servers keep idle connections (Node: 5 s). A request on a connection that the server closes at that moment is in doubt,
    /// and a refresh token in doubt may cost the user a reconnect; a new handshake costs a few milliseconds.
    /// </summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Most kilobytes of an answer's header fields.</summary>
    private const int MaxHeadersKilobytes = 16;

    public static IServiceCollection AddFathom(this IServiceCollection services, SettingsReader settings)
    {
        if (FathomSettings.Read(settings) is not { } options) return services;
        services.AddSingleton(options);
        services.AddHealthChecks().AddDoctorCheck<ProviderCheck>("provider");
        services.AddSingleton<ProviderClock>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ClientForm>(provider, CreateHttpClient()));
        services.AddSingleton<TokenEndpointClient>();
        services.AddSingleton<RevocationClient>();
        return services;
    }

    private static HttpClient CreateHttpClient() => new(CreateHandler())
    {
        // Each form has a limit of its own.
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = ClientForm.MaxResponseBytes,
    };

    internal static SocketsHttpHandler CreateHandler()
    {
        var handler = OutgoingHttp.CreateHandler();
        handler.ConnectTimeout = ConnectTimeout;
        handler.PooledConnectionLifetime = ConnectionLifetime;
        handler.PooledConnectionIdleTimeout = IdleTimeout;
        handler.MaxResponseHeadersLength = MaxHeadersKilobytes;
        return handler;
    }
}
