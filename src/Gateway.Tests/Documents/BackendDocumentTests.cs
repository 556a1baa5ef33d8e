using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Documents.Snippets;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>The code of docs/backend.md, taken from the document, does against a gateway what the document says.</summary>
[Trait("Speed", "Slow")]
public sealed class BackendDocumentTests(RelayStage stage) : IClassFixture<RelayStage>
{
    private const string Body = """{"items":["first"]}""";

    public static readonly TheoryData<string> Languages = ["node", "python3", "csharp"];

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task The_backend_document_code_returns_the_users_access_token(string language)
    {
        var user = await stage.UserAsync();
        Assert.Equal(await stage.Stage.AccessTokenAsync(user), await RunAsync(language, "token", user));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task The_backend_document_code_recognises_a_user_who_has_not_connected(string language) =>
        Assert.Equal("NotConnected", await RunAsync(language, "token", Fresh.User()));

    /// <summary>A gateway without a key answers 404 to everything, as a server at a wrong address does.</summary>
    [Theory]
    [InlineData("node", "Error")]
    [InlineData("python3", "HTTPError")]
    [InlineData("csharp", "HttpRequest")]
    public async Task A_404_that_says_nothing_of_the_user_is_a_failure(string language, string failure)
    {
        await using var keyless = await Stage.StartAsync(("INTERNAL_API_KEY", null));

        var api = new Uri(stage.Api.BaseUrl);
        Assert.Equal(failure, await Snippet.RunAsync(language, keyless.Gateway.Internal, "token", Fresh.User(), api));
    }

    [Theory]
    [InlineData("node", "TypeError")]
    [InlineData("python3", "ValueError")]
    [InlineData("csharp", "Argument")]
    public async Task A_user_id_that_is_missing_is_refused(string language, string failure)
    {
        Assert.Equal(failure, await RunAsync(language, "token", ""));
        Assert.Equal(failure, await RunAsync(language, "relay", ""));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task The_backend_document_code_recognises_a_user_who_must_reconnect(string language)
    {
        var user = await stage.UserAsync();
        stage.Stage.RequireReconnect(user);
        Assert.Equal("ReconnectRequired", await RunAsync(language, "token", user));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task The_backend_document_code_waits_for_a_provider_that_is_down(string language)
    {
        var user = await stage.UserAsync();
        var old = await stage.Stage.AccessTokenAsync(user);
        stage.Stage.EndAccessToken(user);
        stage.Stage.Provider.AnswersNext(new TokenReply { Status = 503 });

        var token = await RunAsync(language, "token", user);

        Assert.NotEqual(old, token);
        Assert.Equal(await stage.Stage.AccessTokenAsync(user), token);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task The_backend_document_code_replaces_a_refused_token_once(string language)
    {
        var user = await stage.UserAsync();
        var old = await stage.Stage.AccessTokenAsync(user);
        stage.Answer = request => Task.FromResult(request.Header("Authorization") == $"Bearer {old}" ? ScriptedApi.Unauthorized : Ok(Body));

        Assert.Equal(Body, await RunAsync(language, "refused", user));
        Assert.NotEqual(old, await stage.Stage.AccessTokenAsync(user));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task The_backend_document_code_gets_the_APIs_response_through_the_relay(string language)
    {
        var user = await stage.UserAsync();
        stage.Answer = request => Task.FromResult(
            request.Head.Target.EndsWith("/meetings?page=1", StringComparison.Ordinal) ? Ok(Body) : ScriptedApi.Unauthorized);

        Assert.Equal(Body, await RunAsync(language, "relay", user));
    }

    [Fact]
    public async Task The_Express_route_of_the_backend_document_serves_its_page()
    {
        var user = await stage.UserAsync();
        stage.Answer = _ => Task.FromResult(Ok(Body));
        Assert.Equal($"200 {Body}", await RunAsync("node", "route", user));

        stage.Stage.RequireReconnect(user);
        Assert.StartsWith("409 ", await RunAsync("node", "route", user), StringComparison.Ordinal);
        Assert.StartsWith("404 ", await RunAsync("node", "route", Fresh.User()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_CSharp_code_of_the_backend_document_is_compiled_into_these_tests()
    {
        var compiled = File.ReadAllText(Path.Combine(Repository.Root, "src", "Gateway.Tests", "Documents", "Snippets", "FathomTokens.cs"))
            .Replace("namespace FathomGateway.Tests.Documents.Snippets;\n\n", "", StringComparison.Ordinal);
        Assert.Equal(compiled, new Document("docs/backend.md").Named("csharp", "//", "FathomTokens.cs")["// FathomTokens.cs\n".Length..]);
    }

    private static string Ok(string body) =>
        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private Task<string> RunAsync(string language, string step, string user) =>
        Snippet.RunAsync(language, stage.Gateway.Internal, step, user, new Uri($"{stage.Api.BaseUrl}/meetings"));
}
