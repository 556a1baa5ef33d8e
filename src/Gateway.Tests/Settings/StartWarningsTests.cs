using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FathomGateway.Tests.Settings;

/// <summary>What may be meant so, and rarely is.</summary>
public sealed class StartWarningsTests
{
    [Theory]
    [InlineData("https://gateway.example.test/", true)]
    [InlineData("https://gateway.example.test:8443/", false)]
    [InlineData("https://backend.example.test/", false)]
    public void A_backend_by_the_gateways_own_name_is_warned_of(string backend, bool isWarned)
    {
        var settings = TestSettings.Embedded(("BACKEND_URL", backend), ("FATHOM_REDIRECT_URI", "https://gateway.example.test/fathom/callback"));

        using var host = Program.Build(TestSettings.Configuration(settings), logging => logging.ClearProviders());

        Assert.Equal(isWarned, host.Services.GetRequiredService<SettingsReader>().Warnings.Any(warning => warning.Contains("comes back here", StringComparison.Ordinal)));
    }
}
