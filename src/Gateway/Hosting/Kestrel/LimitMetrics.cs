using System.Diagnostics.Metrics;
using FathomGateway.Limits;
using FathomGateway.Limits.Connections;
using FathomGateway.Telemetry;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>Metrics of the process limits: usage, limits, refusals and closed connections.</summary>
internal sealed class LimitMetrics(GatewayMetrics metrics, ConnectionBudget budget, LimitEvents events) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Observe("connections", "{connection}", "Open connections of both listeners.", () => budget.Open);
        Observe("connections.limit", "{connection}", "Connections that the limit on open files allows.", () => budget.Bounds.Connections);
        Observe("memory", "By", "Memory that connections and requests are charged with.", () => budget.Memory);
        Observe("memory.limit", "By", "Memory that connections and requests may be charged with.", () => budget.Bounds.Memory);
        metrics.ObserveTotal("fathom.client_refused", "{refusal}", "Connections and requests refused, by what was short.", Refusals);
        metrics.ObserveTotal("fathom.client_closed", "{connection}", "Connections that the gateway closed, by reason.", Evictions);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Observe(string name, string unit, string description, Func<long> read) =>
        metrics.Observe($"fathom.client_{name}", unit, description, () => [new(read())]);

    private IEnumerable<Measurement<long>> Refusals() =>
    [
        new(events.Count(LimitRefusal.ConnectionForDescriptors), Tag("what", "connection"), Tag("short_of", "descriptors")),
        new(events.Count(LimitRefusal.ConnectionForMemory), Tag("what", "connection"), Tag("short_of", "memory")),
        new(events.Count(LimitRefusal.RequestForMemory), Tag("what", "request"), Tag("short_of", "memory")),
    ];

    private IEnumerable<Measurement<long>> Evictions() =>
        Enum.GetValues<EvictionReason>().Select(reason => new Measurement<long>(events.Count(reason), Tag("reason", Label(reason))));

    private static string Label(EvictionReason reason) => reason switch
    {
        EvictionReason.NoRequest => "no_request",
        _ => reason.ToString().ToLowerInvariant(),
    };

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
