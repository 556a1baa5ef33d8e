using FathomGateway.Fathom.Doctor;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Settings;
using FathomGateway.Settings.Registration;
using FathomGateway.Tls;

namespace FathomGateway.Fathom;

/// <summary>The OAuth client of Fathom.</summary>
internal static class FathomFeature
{
    /// <summary>Time limit of a TCP and TLS handshake with the provider, within the time limit of the call.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// An idle connection is closed before the server closes it (Node: 5 s). A request that is sent while the server closes the connection
    /// is in doubt. A refresh token in doubt may force the user to reconnect. A new handshake takes only a few milliseconds.
    /// </summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Most kilobytes of an answer's header fields.</summary>
    private const int MaxHeadersKilobytes = 16;

    public static IServiceCollection AddFathom(this IServiceCollection services, SettingsReader settings)
    {
        if (FathomSettings.Read(settings) is not { } options) return services;
        services.AddSingleton(options).AddSingleton<AuthorizationRequest>();
        services.AddHealthChecks().AddDoctorCheck<ProviderDoctorCheck>("provider");
        services.AddSingleton<ProviderClock>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ClientForm>(provider, CreateHttpClient()));
        services.AddSingleton<TokenEndpointClient>();
        services.AddSingleton<RevocationClient>();
        return services;
    }

    private static HttpClient CreateHttpClient() => new(CreateHandler())
    {
        // Each form has its own time limit.
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = ClientForm.MaxResponseBytes,
    };

    internal static SocketsHttpHandler CreateHandler()
    {
        var handler = OutgoingHttp.CreateHandler(useProxy: true);
        handler.ConnectTimeout = ConnectTimeout;
        handler.PooledConnectionIdleTimeout = IdleTimeout;
        handler.MaxResponseHeadersLength = MaxHeadersKilobytes;
        return handler;
    }
}
