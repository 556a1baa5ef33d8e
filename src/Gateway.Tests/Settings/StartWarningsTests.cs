using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FathomGateway.Tests.Settings;

/// <summary>Settings that are valid, but probably a mistake.</summary>
public sealed class StartWarningsTests
{
    /// <summary>32 bytes of <c>AB</c>, in base64.</summary>
    private const string OneByte = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";

    [Theory]
    [InlineData("INTERNAL_API_KEY", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true)]
    [InlineData("INTERNAL_API_KEY", "abcabcabcabcabcabcabcabcabcabcabcabc", true)]
    [InlineData("INTERNAL_API_KEY", "correcthorse1correcthorse1correcthorse1", true)]
    [InlineData("INTERNAL_API_KEY", "1111111122222222333333334444444455555555", true)]
    [InlineData("INTERNAL_API_KEY", "6f1ed002ab5595859014ebf0951522d9", false)]
    [InlineData("INTERNAL_API_KEY", "Hq3vT9xLw2ZbR7mKHq3vT9xLw2ZbR7mK", false)]
    [InlineData("JWT_SECRET", "abcabcabcabcabcabcabcabcabcabcabcabc", true)]
    [InlineData("JWT_SECRET", "S3cret!S3cret!S3cret!S3cret!S3cret!S", true)]
    [InlineData("JWT_SECRET", "0101010101010101010101010101010101010101", true)]
    [InlineData("JWT_SECRET", "6f1ed002ab5595859014ebf0951522d9", false)]
    [InlineData("TOKEN_ENCRYPTION_KEYS", $"k1:{OneByte}", true)]
    [InlineData("TOKEN_ENCRYPTION_KEYS", "k1:MDEyMzQ1NjcwMTIzNDU2NzAxMjM0NTY3MDEyMzQ1Njc=", true)]
    [InlineData("TOKEN_ENCRYPTION_KEYS", "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", false)]
    public void A_secret_that_repeats_itself_is_warned_of_without_a_part_of_it(string name, string value, bool isWarned)
    {
        var settings = TestSettings.Configuration(TestSettings.Embedded((name, value)));

        using var host = Program.Build(settings, logging => logging.ClearProviders());

        var warnings = host.Services.GetRequiredService<SettingsReader>().Warnings;
        string[] words = ["repeats itself", "a repetition"];
        Assert.Equal(isWarned, warnings.Any(warning => words.Any(word => warning.Contains(word, StringComparison.Ordinal))));
        Assert.All(warnings, warning => Assert.DoesNotContain(value[^6..], warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://gateway.example.test/", true)]
    [InlineData("https://gateway.example.test:8443/", false)]
    [InlineData("https://backend.example.test/", false)]
    public void A_backend_by_the_gateways_own_name_is_warned_of(string backend, bool isWarned)
    {
        var settings =
            TestSettings.Embedded(("BACKEND_URL", backend), ("FATHOM_REDIRECT_URI", "https://gateway.example.test/fathom/callback"));

        using var host = Program.Build(TestSettings.Configuration(settings), logging => logging.ClearProviders());

        Assert.Equal(isWarned, host.Services.GetRequiredService<SettingsReader>().Warnings
            .Any(warning => warning.Contains("comes back here", StringComparison.Ordinal)));
    }
}
