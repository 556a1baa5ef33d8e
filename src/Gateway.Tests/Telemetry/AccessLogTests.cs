using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Telemetry;

public sealed class AccessLogTests
{
    [Theory]
    [InlineData("true", true)]
    [InlineData(null, false)]
    public async Task The_access_log_has_a_line_without_the_query_for_each_request_when_it_is_on(string? setting, bool logged)
    {
        await using var stage = await Stage.StartAsync(TestSettings.Embedded(("ACCESS_LOG", setting)));
        var code = Fresh.Code();

        await stage.LandAsync($"code={code}&state=x");

        Assert.Equal(
            logged, stage.Gateway.Log.Lines.Any(line => line.Contains("GET /fathom/callback HTTP/1.1 302", StringComparison.Ordinal)));
        Assert.DoesNotContain(code, $"{stage.Gateway.Log}", StringComparison.Ordinal);
    }
}
