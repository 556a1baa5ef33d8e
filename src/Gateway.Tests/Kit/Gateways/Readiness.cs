namespace FathomGateway.Tests.Kit;

/// <summary>
/// Waits until a gateway says that it can use its stores: while it starts, on a busy machine, the first request that needs one could be put
/// off.
/// </summary>
internal static class Readiness
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <param name="internalClient">Speaks to the gateway's internal listener.</param>
    public static Task OfStoresAsync(HttpClient internalClient) => Eventually.BecomesTrueAsync(
        async () => (await internalClient.GetStringAsync("health/ready")).Contains("\"status\":\"ready\"", StringComparison.Ordinal),
        Limit,
        "the gateway has found its stores");
}
