using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FathomGateway.Tests.Cli;

[Trait("Speed", "Slow")]
public sealed class DoctorRedisLayoutTests
{
    [Fact]
    public async Task A_cluster_is_told_for_one()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await Examination.FindsRedisAsync(cluster.ConnectionString, HealthStatus.Healthy, "cluster of 6");
    }

    [Fact]
    public async Task Sentinels_lead_to_the_primary_and_one_that_knows_none_of_that_name_is_found()
    {
        await using var sentinel = await RedisSentinel.StartAsync();
        await Examination.FindsRedisAsync(sentinel.ConnectionString, HealthStatus.Healthy, "saved, redeemed and settled");
        await Examination.FindsRedisAsync(
            sentinel.ConnectionString.Replace("serviceName=", "serviceName=not-", StringComparison.Ordinal),
            HealthStatus.Unhealthy,
            "knows no primary of that name",
            "serviceName");
    }
}
