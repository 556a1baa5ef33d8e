using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>The API of the stand-in provider.</summary>
public sealed class ProviderApiTests
{
    [Fact]
    public async Task The_sandboxs_API_returns_meetings_in_pages_until_there_is_no_cursor()
    {
        await using var provider = await SomeProvider.StartAsync();
        var tokens = await SandboxTokenResponse.ReadAsync(provider.ExchangeAsync(await provider.CodeAsync()));
        provider.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);

        List<string?> titles = [];
        for (string? cursor = "0"; cursor is not null;)
        {
            using var page = JsonDocument.Parse(await provider.Http.GetStringAsync($"/v1/meetings?cursor={cursor}"));
            Assert.Equal(3, page.RootElement.GetProperty("limit").GetInt32());
            titles.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()));
            cursor = page.RootElement.GetProperty("next_cursor").GetString();
        }

        Assert.Equal(7, titles.Count);
        Assert.Equal("Kick-off", titles[^1]);
    }

    [Theory]
    [InlineData("""{"destination_url":"https://app.example.test/hook","triggered_for":["my_recordings"]}""", HttpStatusCode.Created)]
    [InlineData("""{"destination_url":"https://app.example.test/hook","triggered_for":[]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"destination_url":"https://app.example.test/hook"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"destination_url":"/hook","triggered_for":["my_recordings"]}""", HttpStatusCode.BadRequest)]
    public async Task A_webhook_of_the_sandboxs_API_needs_an_absolute_address_and_a_kind_of_recordings(string body, HttpStatusCode expected)
    {
        await using var provider = await SomeProvider.StartAsync();
        var tokens = await SandboxTokenResponse.ReadAsync(provider.ExchangeAsync(await provider.CodeAsync()));
        provider.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);

        using var answer = await provider.Http.PostAsJsonAsync("/v1/webhooks", JsonElement.Parse(body));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task The_sandboxs_API_answers_401_with_a_challenge_without_a_valid_token()
    {
        await using var provider = await SomeProvider.StartAsync();
        using var answer = await provider.Http.GetAsync("/v1/meetings");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
    }
}
