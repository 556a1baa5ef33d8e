using FathomGateway.Connect.Cors;
using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class CorsOriginPatternTests
{
    private const string Preview = "https://deploy-preview-*--site.netlify.app";

    [Theory]
    [InlineData(Preview, "https://deploy-preview-42--site.netlify.app")]
    [InlineData(Preview, "https://deploy-preview-4a2b--site.netlify.app")]
    [InlineData("https://*.preview.example.com", "https://a1.preview.example.com")]
    [InlineData("https://*.example.com:8443/", "https://x.example.com:8443")]
    [InlineData("HTTPS://PR*.Example.com:443", "https://pr7.example.com")]
    [InlineData("capacitor://app-*.example.com", "capacitor://app-1.example.com")]
    [InlineData("https://a*.b.c.example.com", "https://a1.b.c.example.com")]
    public void An_asterisk_in_CORS_ORIGINS_stands_for_letters_and_digits(string entry, string origin) =>
        Assert.True(Read(entry).Allow(origin));

    [Theory]
    [InlineData(Preview, "https://deploy-preview---site.netlify.app")]
    [InlineData(Preview, "https://deploy-preview-4-2--site.netlify.app")]
    [InlineData(Preview, "https://deploy-preview-x.evil--site.netlify.app")]
    [InlineData(Preview, "https://deploy-preview-x--evil--site.netlify.app")]
    [InlineData(Preview, "https://deploy-preview-4_2--site.netlify.app")]
    [InlineData(Preview, "https://deploy-preview-4A--site.netlify.app")]
    [InlineData(Preview, "https://deploy-preview-\u0661--site.netlify.app")]
    [InlineData(Preview, "https://deploy-preview-42--site.netlify.app.evil.test")]
    [InlineData(Preview, "https://deploy-preview-42--site.netlify.app:8443")]
    [InlineData(Preview, "http://deploy-preview-42--site.netlify.app")]
    [InlineData(Preview, "https://evil.test/deploy-preview-42--site.netlify.app")]
    [InlineData(Preview, "https://deploy-preview-*--site.netlify.app")]
    [InlineData("https://*.example.com", "https://example.com")]
    [InlineData("https://*.example.com", "https://a.b.example.com")]
    [InlineData("https://*.example.com", "https://a@b.example.com")]
    public void An_asterisk_in_CORS_ORIGINS_stands_for_no_other_characters(string entry, string origin) =>
        Assert.False(Read(entry).Allow(origin));

    [Theory]
    [InlineData("*")]
    [InlineData("https://*")]
    [InlineData("https://*.com")]
    [InlineData("https://app.*")]
    [InlineData("https://app.exam*.com")]
    [InlineData("https://*.co.uk")]
    [InlineData("https://*.*.example.com")]
    [InlineData("https://**.example.com")]
    [InlineData("https://app.example.com:*")]
    [InlineData("*://app.example.com")]
    [InlineData("https://app.example.com/*")]
    [InlineData("https://u*@app.example.com")]
    [InlineData("https://1*.2.3.4")]
    [InlineData("capacitor://*")]
    [InlineData("https://*.example.com?x")]
    public void An_asterisk_at_another_place_of_CORS_ORIGINS_is_a_fault(string entry)
    {
        var settings = Reader(entry);
        CorsOrigins.Read(settings, frontend: null);

        Assert.Equal("CORS_ORIGINS", Assert.Single(Assert.Throws<SettingsException>(settings.ThrowIfFaulty).Faults).Name);
    }

    [Theory]
    [InlineData("https://my-app-*.vercel.app", true)]
    [InlineData("https://*.onrender.com", true)]
    [InlineData(Preview, false)]
    [InlineData("https://*.my-app.vercel.app", false)]
    [InlineData("https://*.example.com", false)]
    public void A_pattern_in_CORS_ORIGINS_that_strangers_can_match_is_warned_of(string entry, bool isWarned)
    {
        var settings = Reader(entry);
        CorsOrigins.Read(settings, frontend: null);

        settings.ThrowIfFaulty();
        Assert.Equal(isWarned, settings.Warnings.Count > 0);
    }

    [Fact]
    public async Task An_origin_that_matches_a_pattern_may_call_connect_and_a_similar_one_may_not()
    {
        await using var stage = await Stage.StartAsync(("CORS_ORIGINS", Preview));
        using var preview = await stage.ConnectAsync(Jwt.For(Fresh.User()), "https://deploy-preview-7--site.netlify.app");
        using var neighbour = await stage.ConnectAsync(Jwt.For(Fresh.User()), "https://deploy-preview-7--other.netlify.app");

        Assert.Equal(["https://deploy-preview-7--site.netlify.app"], preview.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Contains("Origin", preview.Headers.Vary);
        Assert.False(neighbour.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static CorsOrigins Read(string entry)
    {
        var settings = Reader(entry);
        var origins = CorsOrigins.Read(settings, frontend: null);
        settings.ThrowIfFaulty();
        return origins;
    }

    private static SettingsReader Reader(string entry) => TestSettings.Reader(("CORS_ORIGINS", entry));
}
