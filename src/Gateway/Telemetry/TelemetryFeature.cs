using FathomGateway.Settings;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FathomGateway.Telemetry;

/// <summary>
/// Sets up OpenTelemetry: metrics for Prometheus always; traces and metrics to a collector where OTEL_EXPORTER_OTLP_ENDPOINT is set.
/// </summary>
internal static class TelemetryFeature
{
    private const string EndpointName = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceNameName = "OTEL_SERVICE_NAME";
    private const string DefaultServiceName = "fathom-gateway";

    /// <summary>
    /// Instruments that cost time in every proxied request and report nothing beyond <c>http.server.request.duration</c> and the gateway's
    /// own meters. The most expensive is the number of open connections, which changes four times per request as a connection goes from
    /// idle to active and back.
    /// </summary>
    private static readonly string[] PerRequestInstruments =
        [
            "http.server.active_requests", "http.client.request.duration", "http.client.active_requests",
            "http.client.request.time_in_queue", "http.client.open_connections",
        ];

    /// <summary>
    /// Largest number of instruments per reader; the library calls them metric streams. Gateways in one process, as in tests, share them;
    /// the library's limit of 1,000 would hide some.
    /// </summary>
    private const int MaxMetricStreams = 5000;

    /// <summary>
    /// Tag combinations per instrument. The library reserves memory for all of them at the start, by default for 2,000. Tags are fixed
    /// words with a few dozen combinations at most.
    /// </summary>
    private const int CardinalityLimit = 200;

    /// <summary>Combines method, status, protocol and error: it keeps the library's own limit.</summary>
    private const string RequestDuration = "http.server.request.duration";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton<GatewayMetrics>();
        // Read here, so that an invalid value stops the start like any other fault.
        settings.Flag(AccessLog.AccessLogName);
        settings.NoteDefault(EndpointName, "off");
        var serviceName = settings.Optional(ServiceNameName, DefaultServiceName);
        var toCollector = settings.OptionalUrl(EndpointName) is not null;
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(serviceName, serviceVersion: typeof(TelemetryFeature).Assembly.GetName().Version!.ToString(3)))
            .WithMetrics(metrics =>
            {
                metrics
                    .AddMeter(
                        GatewayMetrics.Name,
                        "Microsoft.AspNetCore.Hosting",
                        "Microsoft.AspNetCore.Server.Kestrel",
                        "System.Net.Http",
                        "Npgsql")
                    .SetMaxMetricStreams(MaxMetricStreams)
                    .AddRuntimeInstrumentation()
                    .AddView(instrument => View(instrument.Name))
                    .AddPrometheusExporter();
                if (toCollector) metrics.AddOtlpExporter();
            });
        // Without a collector no span is created, and requests pay nothing.
        if (toCollector) telemetry.WithTracing(traces => Trace(traces).AddOtlpExporter());
        return services;
    }

    private static MetricStreamConfiguration? View(string instrument) =>
        PerRequestInstruments.Contains(instrument) ? MetricStreamConfiguration.Drop
        : instrument == RequestDuration ? null
        : new MetricStreamConfiguration { CardinalityLimit = CardinalityLimit };

    private static TracerProviderBuilder Trace(TracerProviderBuilder traces) => traces
        .AddSource(GatewayMetrics.Name)
        .AddAspNetCoreInstrumentation(options => options.EnrichWithHttpRequest = (span, request) => SpanRedaction.Clean(span, request))
        .AddNpgsql();
}
