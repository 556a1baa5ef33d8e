using FathomGateway.Limits.Connections;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Limits;

/// <summary>
/// Reports for <c>/health/ready</c> whether there is room for further connections and requests. Existing ones are served in any case, so
/// the worst result is degraded.
/// </summary>
internal sealed class LimitsHealthCheck(ConnectionBudget budget, LimitEvents events) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(budget.IsNearlyFull || budget.IsHeapFull || events.HasBeenShort
            ? HealthCheckResult.Degraded("Connections are refused, or closed to make room.")
            : HealthCheckResult.Healthy("There is room for further connections."));
}
