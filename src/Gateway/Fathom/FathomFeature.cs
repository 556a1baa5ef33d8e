using System.Net;
using FathomGateway.Settings;

namespace FathomGateway.Fathom;

/// <summary>The OAuth client of Fathom.</summary>
internal static class FathomFeature
{
    /// <summary>How long a TCP and TLS handshake with the provider may take, within the call's own limit.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    /// <summary>So that a change of the provider's address is noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Most kilobytes of an answer's header fields.</summary>
    private const int LargestHeaders = 16;

    public static IServiceCollection AddFathom(this IServiceCollection services, SettingsReader settings)
    {
        if (FathomSettings.Read(settings) is not { } options) return services;
        services.AddSingleton(options);
        services.AddSingleton(new TokenEndpointClient(CreateHttpClient(), options));
        services.AddHealthChecks().AddDoctorCheck<ProviderCheck>("provider");
        return services;
    }

    private static HttpClient CreateHttpClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        MaxResponseHeadersLength = LargestHeaders,
    })
    {
        Timeout = TokenEndpointClient.Timeout,
        MaxResponseContentBufferSize = TokenEndpointClient.LargestAnswer,
    };
}
