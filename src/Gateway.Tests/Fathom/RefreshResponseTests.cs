using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

/// <summary>The results of a refresh for various answers; the bodies are those of the exchange tests.</summary>
public sealed class RefreshResponseTests(ProviderStage stage) : IClassFixture<ProviderStage>
{
    [Theory]
    [MemberData(nameof(UnusableResponseTests.Bodies), MemberType = typeof(UnusableResponseTests))]
    public async Task A_refresh_response_without_usable_tokens_is_no_success_F13(string body)
    {
        var result = await stage.RefreshAsync(RawResponse.Json(body));

        Assert.True(
            result is TokenResult.Malformed { Status: 200 } or TokenResult.Refused { Error: "invalid_grant", Status: 200 }, $"{result}");
    }

    [Theory]
    [MemberData(nameof(UsableResponseTests.Bodies), MemberType = typeof(UsableResponseTests))]
    public async Task Tokens_are_read_from_any_refresh_response_of_the_RFC_F13(string body) =>
        Assert.Equal("new", (await GrantedAsync(body)).AccessToken);

    [Theory]
    [MemberData(nameof(UsableResponseTests.Lifetimes), MemberType = typeof(UsableResponseTests))]
    public async Task An_implausible_lifetime_of_a_refresh_response_never_spoils_its_tokens_F13(string expiresIn, int? seconds)
    {
        var tokens = await GrantedAsync($$"""{"access_token":"new","token_type":"Bearer","expires_in":{{expiresIn}}}""");

        if (seconds is not null) Assert.Equal(TimeSpan.FromSeconds(seconds.Value), tokens.Lifetime);
        Assert.InRange(tokens.Lifetime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(365));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"expires_in\":0")]
    [InlineData(",\"expires_in\":-1")]
    [InlineData(",\"expires_in\":\"soon\"")]
    public async Task A_refresh_response_without_a_lifetime_gives_an_hour_F13(string member) =>
        Assert.Equal(TimeSpan.FromHours(1), (await GrantedAsync($$"""{"access_token":"new","token_type":"Bearer"{{member}}}""")).Lifetime);

    [Theory]
    [InlineData("", null)]
    [InlineData(",\"refresh_token\":null", null)]
    [InlineData(",\"refresh_token\":\"\"", null)]
    [InlineData(",\"refresh_token\":\"  \"", null)]
    [InlineData(",\"refresh_token\":\"next\"", "next")]
    [InlineData(",\"refresh_token\":\" next\\t\"", "next")]
    public async Task A_refresh_response_without_a_refresh_token_has_none_F13(string member, string? refreshToken) =>
        Assert.Equal(refreshToken, (await GrantedAsync($$"""{"access_token":"new","token_type":"Bearer"{{member}}}""")).RefreshToken);

    [Fact]
    public async Task A_compressed_refresh_response_is_not_unpacked_T27_F13() =>
        Assert.IsType<TokenResult.Malformed>(
            await stage.RefreshAsync(RawResponse.Packed("""{"access_token":"new","token_type":"Bearer"}""")));

    private async Task<TokenSet> GrantedAsync(string body) =>
        Assert.IsType<TokenResult.Granted>(await stage.RefreshAsync(RawResponse.Json(body))).Tokens;
}
