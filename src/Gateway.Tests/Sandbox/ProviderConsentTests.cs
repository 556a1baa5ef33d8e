using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>The consent page of the stand-in provider.</summary>
public sealed class ProviderConsentTests
{
    [Fact]
    public async Task Allow_returns_a_code_and_the_state_as_it_was_sent()
    {
        await using var provider = await SomeProvider.StartAsync();
        var answer = await provider.DecideAsync(await provider.AskAsync(), "allow");

        var query = QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.StartsWith(SomeProvider.RedirectUri + "?", answer.Headers.Location.OriginalString, StringComparison.Ordinal);
        Assert.Equal("a state, with = & +", query["state"].ToString());
        Assert.NotEmpty(query["code"].ToString());
    }

    [Fact]
    public async Task Deny_returns_access_denied_and_no_code()
    {
        await using var provider = await SomeProvider.StartAsync();
        var answer = await provider.DecideAsync(await provider.AskAsync(), "deny");

        var query = QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        Assert.Equal("access_denied", query["error"].ToString());
        Assert.Equal("a state, with = & +", query["state"].ToString());
        Assert.DoesNotContain("code", query.Keys);
    }

    [Theory]
    [InlineData("redirect_uri", "http://127.0.0.1:5999/fathom/callback/")]
    [InlineData("redirect_uri", "http://127.0.0.1:5999/fathom/callback?x=1")]
    [InlineData("redirect_uri", "https://elsewhere.example/fathom/callback")]
    [InlineData("redirect_uri", null)]
    [InlineData("client_id", "<script>somebody</script>")]
    [InlineData("client_id", null)]
    public async Task A_wrong_client_or_redirect_uri_is_refused_on_a_page_without_any_redirect(string parameter, string? value)
    {
        await using var provider = await SomeProvider.StartAsync();
        using var answer = await provider.AskAsync((parameter, value));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        Assert.DoesNotContain("<script", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    public async Task Faults_of_an_authorization_request_with_a_valid_redirect_URI_are_redirected_to_the_client(
        string parameter, string? value, string error)
    {
        await using var provider = await SomeProvider.StartAsync();
        using var answer = await provider.AskAsync((parameter, value));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(error, QueryHelpers.ParseQuery(answer.Headers.Location!.Query)["error"].ToString());
    }

    [Fact]
    public async Task A_double_click_on_Allow_gives_the_same_code_twice()
    {
        await using var provider = await SomeProvider.StartAsync();
        var page = await provider.AskAsync();
        var first = await provider.DecideAsync(page, "allow");
        var second = await provider.DecideAsync(page, "allow");

        Assert.Equal(first.Headers.Location, second.Headers.Location);
    }

    [Fact]
    public async Task A_decision_on_a_consent_page_that_was_not_shown_is_refused()
    {
        await using var provider = await SomeProvider.StartAsync();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("ticket", "made up"), KeyValuePair.Create("decision", "allow")]);
        using var answer = await provider.Http.PostAsync("/v1/oauth/authorize", form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
