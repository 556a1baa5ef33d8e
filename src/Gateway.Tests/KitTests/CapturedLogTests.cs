using System.Diagnostics;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FathomGateway.Tests.KitTests;

public sealed class CapturedLogTests
{
    [Fact]
    public void A_captured_log_tells_lines_within_a_span_from_others()
    {
        using var log = new CapturedLog();
        var logger = log.CreateLogger("category");
#pragma warning disable CA1848, CA2254 // As the framework logs.
        logger.LogInformation("outside");
        using (new Activity("a request").Start()) logger.LogInformation("inside");
#pragma warning restore CA1848, CA2254

        Assert.Equal(2, log.Lines.Count);
        Assert.Contains("inside", Assert.Single(log.Traced), StringComparison.Ordinal);
    }
}
