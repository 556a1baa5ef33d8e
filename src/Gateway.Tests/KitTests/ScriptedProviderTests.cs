using System.Net;
using FathomGateway.Tests.Kit;
using WireMock.ResponseBuilders;
using Xunit;

namespace FathomGateway.Tests.KitTests;

public sealed class ScriptedProviderTests : IDisposable
{
    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private readonly HttpClient _client = new();

    [Fact]
    public async Task A_provider_without_a_script_issues_new_tokens_and_keeps_the_form_fields()
    {
        var first = await (await PostAsync(("grant_type", "authorization_code"), ("code", "c&=+ %"))).Content.ReadAsStringAsync();
        var second = await (await PostAsync(("grant_type", "refresh_token"))).Content.ReadAsStringAsync();

        Assert.Contains("\"access-1\"", first, StringComparison.Ordinal);
        Assert.Contains("\"access-2\"", second, StringComparison.Ordinal);
        Assert.Equal(["authorization_code", "refresh_token"], _provider.TokenRequests.Select(request => request.GrantType));
        Assert.Equal("c&=+ %", _provider.TokenRequests[0].Code);
    }

    [Fact]
    public async Task A_queued_reply_of_the_scripted_provider_comes_once_with_status_fields_and_type()
    {
        _provider.AnswersNext(TokenReply.Refusal("invalid_grant", 401) with
        {
            Headers = new Dictionary<string, string> { ["Retry-After"] = "7" },
            ContentType = "text/html",
        });

        var refused = await PostAsync();
        var granted = await PostAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), refused.Headers.RetryAfter!.Delta);
        Assert.Equal("text/html", refused.Content.Headers.ContentType!.MediaType);
        Assert.Equal("""{"error":"invalid_grant"}""", await refused.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
    }

    [Fact]
    public async Task A_token_request_is_seen_while_its_response_is_held_back()
    {
        var release = new TaskCompletionSource<TokenReply>();
        _provider.Answers(_ => release.Task);

        var answer = PostAsync();
        await Eventually.BecomesTrueAsync(() => _provider.TokenRequests.Count == 1, TimeSpan.FromSeconds(60), "the request has arrived");
        Assert.False(answer.IsCompleted);

        release.SetResult(TokenReply.Tokens("late", null));
        Assert.DoesNotContain("refresh_token", await (await answer).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_the_scripted_provider_spoils_its_response()
    {
        _provider.Answers(_provider.NewTokens() with { Fault = FaultType.EMPTY_RESPONSE });

        var fault = await Record.ExceptionAsync(async () => Assert.Empty(await (await PostAsync()).Content.ReadAsStringAsync()));

        Assert.True(fault is null or HttpRequestException, $"{fault}");
    }

    public void Dispose()
    {
        _client.Dispose();
        _provider.Dispose();
    }

    private Task<HttpResponseMessage> PostAsync(params (string Name, string Value)[] fields) => _client.PostAsync(
        _provider.TokenUrl, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
}
