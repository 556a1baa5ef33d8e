using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>The token endpoint of the stand-in provider.</summary>
public sealed class ProviderTokenTests
{
    [Fact]
    public async Task A_code_is_exchanged_for_tokens_that_open_the_API_for_an_hour()
    {
        await using var provider = await SomeProvider.StartAsync();
        var tokens = await SandboxTokenResponse.ReadAsync(provider.ExchangeAsync(await provider.CodeAsync()));

        Assert.Equal((HttpStatusCode.OK, 3600), (tokens.Status, tokens.ExpiresIn));
        Assert.Equal(HttpStatusCode.OK, await provider.MeetingsStatusAsync(tokens.AccessToken!));
        provider.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await provider.MeetingsStatusAsync(tokens.AccessToken!));
    }

    [Fact]
    public async Task A_code_has_one_use_and_its_second_use_takes_back_the_tokens_of_the_first()
    {
        await using var provider = await SomeProvider.StartAsync();
        var code = await provider.CodeAsync();
        var tokens = await SandboxTokenResponse.ReadAsync(provider.ExchangeAsync(code));
        var again = await SandboxTokenResponse.ReadAsync(provider.ExchangeAsync(code));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (again.Status, again.Error));
        Assert.Equal(HttpStatusCode.Unauthorized, await provider.MeetingsStatusAsync(tokens.AccessToken!));
        Assert.Equal("invalid_grant", (await SandboxTokenResponse.ReadAsync(provider.RefreshAsync(tokens.RefreshToken!))).Error);
    }

    [Fact]
    public async Task A_code_is_worthless_after_ten_minutes()
    {
        await using var provider = await SomeProvider.StartAsync();
        var code = await provider.CodeAsync();
        provider.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("invalid_grant", (await SandboxTokenResponse.ReadAsync(provider.ExchangeAsync(code))).Error);
    }

    [Theory]
    [InlineData("code_verifier", "another-verifier-of-forty-three-characters-or-more")]
    [InlineData("code_verifier", null)]
    [InlineData("redirect_uri", "http://127.0.0.1:5999/elsewhere")]
    [InlineData("redirect_uri", null)]
    public async Task A_code_needs_its_own_PKCE_verifier_and_redirect_uri(string field, string? value)
    {
        await using var provider = await SomeProvider.StartAsync();
        var refused = await SandboxTokenResponse.ReadAsync(provider.ExchangeAsync(await provider.CodeAsync(), (field, value)));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (refused.Status, refused.Error));
    }

    [Fact]
    public async Task A_refresh_token_rotates_and_the_new_one_works()
    {
        await using var provider = await SomeProvider.StartAsync();
        var first = await SandboxTokenResponse.ReadAsync(provider.ExchangeAsync(await provider.CodeAsync()));
        var second = await SandboxTokenResponse.ReadAsync(provider.RefreshAsync(first.RefreshToken!));
        var third = await SandboxTokenResponse.ReadAsync(provider.RefreshAsync(second.RefreshToken!));

        Assert.Equal(3, new HashSet<string?> { first.RefreshToken, second.RefreshToken, third.RefreshToken }.Count);
        Assert.Equal(HttpStatusCode.OK, await provider.MeetingsStatusAsync(third.AccessToken!));
    }

    [Fact]
    public async Task Reuse_of_a_spent_refresh_token_ends_the_whole_family()
    {
        await using var provider = await SomeProvider.StartAsync();
        var first = await SandboxTokenResponse.ReadAsync(provider.ExchangeAsync(await provider.CodeAsync()));
        var second = await SandboxTokenResponse.ReadAsync(provider.RefreshAsync(first.RefreshToken!));
        var reused = await SandboxTokenResponse.ReadAsync(provider.RefreshAsync(first.RefreshToken!));

        Assert.Equal("invalid_grant", reused.Error);
        Assert.Equal("invalid_grant", (await SandboxTokenResponse.ReadAsync(provider.RefreshAsync(second.RefreshToken!))).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, await provider.MeetingsStatusAsync(second.AccessToken!));
    }

    [Theory]
    [InlineData("client_secret", "wrong", HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("client_secret", null, HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("client_id", "somebody", HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("grant_type", "password", HttpStatusCode.BadRequest, "unsupported_grant_type")]
    [InlineData("grant_type", null, HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("code", null, HttpStatusCode.BadRequest, "invalid_request")]
    public async Task A_wrong_token_request_gets_the_error_of_RFC_6749(string field, string? value, HttpStatusCode status, string error)
    {
        await using var provider = await SomeProvider.StartAsync();
        using var response = await provider.ExchangeAsync(await provider.CodeAsync(), (field, value));
        var answer = await SandboxTokenResponse.ReadAsync(Task.FromResult(response));

        Assert.Equal((status, error), (answer.Status, answer.Error));
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_token_request_in_JSON_is_a_415_of_the_sandboxs_provider()
    {
        await using var provider = await SomeProvider.StartAsync();
        using var answer = await provider.Http.PostAsJsonAsync("/v1/oauth/token", new { grant_type = "authorization_code" });

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }
}
