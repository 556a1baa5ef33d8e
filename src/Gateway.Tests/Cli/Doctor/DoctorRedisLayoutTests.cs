using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FathomGateway.Tests.Cli;

[Trait("Speed", "Slow")]
public sealed class DoctorRedisLayoutTests
{
    [Fact]
    public async Task The_doctor_recognises_a_Redis_Cluster()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await Examination.FindsRedisAsync(cluster.ConnectionString, HealthStatus.Healthy, "cluster of 6");
    }

    [Fact]
    public async Task The_doctor_follows_Sentinels_to_the_primary_and_finds_an_unknown_primary_name()
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
