using System.Diagnostics.Metrics;
using FathomGateway.Telemetry;

namespace FathomGateway.Tests.Kit;

/// <summary>Metrics without a reader, for unit tests.</summary>
internal static class NoMetrics
{
    public static GatewayMetrics Instance { get; } = new(new Meters());

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
            // The meter lives as long as the run.
        }
    }
}
