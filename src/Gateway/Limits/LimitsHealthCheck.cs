using FathomGateway.Limits.Connections;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Limits;

/// <summary>
/// Whether there is room for further connections and requests: what is there goes on being served where there is not, so that readiness is
/// degraded and no more.
/// </summary>
internal sealed class LimitsHealthCheck(ConnectionBudget ledger, LimitEvents events) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(ledger.IsNearlyFull || ledger.IsHeapFull || events.HasBeenShort
            ? HealthCheckResult.Degraded("Connections are refused, or closed to make room.")
            : HealthCheckResult.Healthy("There is room for further connections."));
}
