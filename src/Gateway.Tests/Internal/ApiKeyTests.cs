using System.Net;
using FathomGateway.Settings;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Internal;

public sealed class ApiKeyTests(Stage stage) : IClassFixture<Stage>
{
    public static TheoryData<string> WrongCredentials() =>
    [
        "", "Bearer", "Bearer ", "Bearer wrong", $"Basic {TestSettings.InternalApiKey}", TestSettings.InternalApiKey,
        $"Bearer{TestSettings.InternalApiKey}",
        $"Bearer {TestSettings.InternalApiKey}x", $"Bearer {TestSettings.InternalApiKey[..^1]}",
        $"Bearer {TestSettings.InternalApiKey.ToUpperInvariant()}",
        $"Bearer {TestSettings.InternalApiKey}, Bearer {TestSettings.InternalApiKey}", $"Bearer {Jwt.For("u")}",
    ];

    [Theory]
    [MemberData(nameof(WrongCredentials))]
    public async Task Every_internal_route_is_a_401_without_the_API_key(string credentials)
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);
        foreach (var request in new[]
        {
            $"GET /connections/{user}", $"DELETE /connections/{user}", $"GET /connections/{user}/access-token",
            $"GET /connections/{user}/fathom/meetings", $"PUT /connections/{user}/other", "GET /connections/"
        })
        {
            var answer = await RawClient.ExchangeAsync(
                stage.Gateway.Internal, $"{request} HTTP/1.1\r\nHost: h\r\nAuthorization: {credentials}\r\nConnection: close\r\n\r\n");

            Assert.Equal(401, answer.Status);
            Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
            Assert.Equal("no-store", answer.Header("Cache-Control"));
            Assert.Equal("application/problem+json", answer.Header("Content-Type"));
        }

        Assert.NotNull(await stage.AccessTokenAsync(user));
    }

    [Fact]
    public async Task The_scheme_of_the_internal_API_key_is_read_in_any_case()
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);

        var answer = await RawClient.ExchangeAsync(
            stage.Gateway.Internal,
            $"GET /connections/{user} HTTP/1.1\r\nHost: h\r\nAuthorization: bEARER {TestSettings.InternalApiKey}\r\nConnection: close\r\n"
                + "\r\n");

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task Internal_routes_are_not_found_while_no_API_key_is_set()
    {
        await using var keyless = await Stage.StartAsync(("INTERNAL_API_KEY", null));
        var user = Fresh.User();
        await keyless.LinkAsync(user);

        foreach (var target in new[] { $"connections/{user}", $"connections/{user}/access-token", $"connections/{user}/fathom/meetings" })
        {
            using var response = await keyless.Gateway.InternalAsync(HttpMethod.Get, target, key: "");

            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }

        using var refused = await keyless.Gateway.InternalAsync(HttpMethod.Delete, $"connections/{user}", key: "");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.NotNull(await keyless.AccessTokenAsync(user));
    }

    [Fact]
    public async Task A_short_internal_API_key_works_and_is_warned_of_without_being_shown()
    {
        await using var stage = await Stage.StartAsync(("INTERNAL_API_KEY", "short-key"));

        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, "connections/u", "short-key");

        await InternalCalls.IsProblemAsync(response, HttpStatusCode.NotFound, "not_connected");
        Assert.Contains(stage.Gateway.Log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal)
            && line.Contains("INTERNAL_API_KEY has fewer than 32", StringComparison.Ordinal));
        Assert.DoesNotContain("short-key", stage.Gateway.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Gateway", "InProcess")]
    public async Task Refused_API_keys_are_warned_of_once_a_minute_with_their_number_and_no_part_of_them()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var stage = await Stage.StartAsync(TestSettings.Embedded(), clock);
        string[] Warnings() =>
            [.. stage.Gateway.Log.Lines.Where(line => line.Contains("INTERNAL_API_KEY was refused", StringComparison.Ordinal))];
        async Task RefuseAsync()
        {
            using var refused = await stage.Gateway.InternalAsync(HttpMethod.Get, "connections/u", "wrong-key-canary");
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        for (var i = 0; i < 3; i++) await RefuseAsync();
        Assert.Single(Warnings());
        clock.Advance(TimeSpan.FromSeconds(61));
        await RefuseAsync();

        Assert.Contains("(2 more lines of this kind were left out.)", Warnings()[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("canary", $"{stage.Gateway.Log}", StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Gateway", "InProcess")]
    public async Task An_internal_API_key_that_no_field_can_carry_stops_the_start()
    {
        var fault = await Assert.ThrowsAsync<SettingsException>(() =>
            GatewayUnderTest.StartAsync(TestSettings.Embedded(("INTERNAL_API_KEY", "a key with blanks that is long enough otherwise"))));

        Assert.Contains("INTERNAL_API_KEY", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("with blanks that", fault.Message, StringComparison.Ordinal);
    }
}
