using FathomGateway.Tests.Documents.Snippets;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>What the code of docs/backend.md neither sends, nor waits for, nor passes on.</summary>
[Trait("Speed", "Slow")]
public sealed class BackendRefusalTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/");

    /// <summary>fetch and Uri resolve the dots, and the path would be that of another user's token.</summary>
    [Theory]
    [InlineData("node", "recordings/../../../43/access-token?/summary", "RangeError")]
    [InlineData("node", "recordings/%2e%2e/%2E./../43/access-token", "RangeError")]
    [InlineData("node", "recordings\\..\\..\\..\\43\\access-token", "RangeError")]
    [InlineData("python3", "recordings/../../../43/access-token?/summary", "ValueError")]
    [InlineData("python3", "recordings/%2e%2e/%2E./../43/access-token", "ValueError")]
    [InlineData("csharp", "recordings/../../../43/access-token?/summary", "Argument")]
    [InlineData("csharp", "recordings\\..\\..\\..\\43\\access-token", "Argument")]
    public async Task A_path_that_leaves_the_API_is_refused_and_nothing_is_sent(string language, string path, string failure)
    {
        await using var gateway = WebhookGateway.Start();

        Assert.Equal(failure, await Snippet.RunAsync(language, gateway.Address, "path", path, Nowhere));
        Assert.Empty(gateway.Asked);
    }

    [Theory]
    [InlineData("node")]
    [InlineData("python3")]
    [InlineData("csharp")]
    public async Task Dots_in_a_query_or_in_a_name_leave_no_API(string language)
    {
        await using var gateway = WebhookGateway.Start();
        gateway.Answer = _ => Task.FromResult<string?>(WebhookGateway.Reply(200, "{}"));

        Assert.Equal("{}", await Snippet.RunAsync(language, gateway.Address, "path", "recordings/a..b/summary?cursor=a/../b", Nowhere));
        Assert.Equal(["GET /connections/42/fathom/recordings/a..b/summary?cursor=a/../b"], gateway.Asked);
    }

    /// <summary>A user waits for the backend's answer.</summary>
    [Theory]
    [InlineData("node")]
    [InlineData("python3")]
    [InlineData("csharp")]
    public async Task A_wait_for_a_token_that_is_too_long_for_a_request_is_left_to_the_caller(string language)
    {
        await using var gateway = WebhookGateway.Start();
        gateway.Answer = _ => Task.FromResult<string?>("HTTP/1.1 503 Word\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal("Unavailable", await Snippet.RunAsync(language, gateway.Address, "token", "42", Nowhere));
        Assert.Single(gateway.Asked);
    }

    /// <summary>A 401 is about INTERNAL_API_KEY. To the page it would say that its user has to sign in again.</summary>
    [Theory]
    [InlineData(401, "", "502")]
    [InlineData(404, "", "502")]
    [InlineData(502, "", "502")]
    [InlineData(503, "Retry-After: 7\r\n", "503 Retry-After: 7")]
    [InlineData(429, "Retry-After: 7\r\n", "503 Retry-After: 7")]
    public async Task The_documented_route_of_Express_hands_no_other_refusal_to_the_browser(int status, string field, string told)
    {
        const string Problem = """{"error":"unauthorized"}""", Type = "application/problem+json";
        await using var gateway = WebhookGateway.Start();
        gateway.Answer = _ => Task.FromResult<string?>(
            $"HTTP/1.1 {status} Word\r\n{field}Content-Type: {Type}\r\nContent-Length: {Problem.Length}\r\n\r\n{Problem}");

        Assert.Equal(told, await Snippet.RunAsync("node", gateway.Address, "route", "42", Nowhere));
    }
}
