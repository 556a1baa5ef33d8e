using System.Diagnostics;
using FathomGateway.Tests.Documents.Snippets;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>
/// An API that redirects must not get the internal key, nor a user's token, carried to another host by the code of our documents. That for
/// the official SDK is tried beside the SDK's other tests.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class RedirectTests(RelayStage stage) : IClassFixture<RelayStage>, IAsyncLifetime
{
    private readonly RecordingBackend _elsewhere = RecordingBackend.Start();

    [Theory]
    [InlineData("node", 302, "302 302")]
    [InlineData("node", 307, "307 307")]
    [InlineData("python3", 302, "302 302")]
    [InlineData("python3", 307, "307 307")]
    [InlineData("csharp", 302, "302")]
    [InlineData("csharp", 307, "307")]
    public async Task The_backend_document_code_follows_no_redirect(string language, int status, string told)
    {
        var user = await RedirectedUserAsync(status);

        var api = new Uri($"{stage.Api.BaseUrl}/meetings");
        Assert.Equal(told, await Snippet.RunAsync(language, stage.Gateway.Internal, "redirected", user, api));
        Assert.Equal(0, _elsewhere.Connections);
    }

    [Fact]
    public async Task The_documented_commands_with_the_internal_key_follow_no_redirect()
    {
        Assert.SkipUnless(Programs.IsOnPath("curl"), "curl is not installed on this machine.");
        var user = await RedirectedUserAsync(302);
        var lines = Document.All().SelectMany(document => document.Blocks("sh")).SelectMany(block => block.Content.Split('\n'))
            .Where(line => line.Contains("$INTERNAL_API_KEY", StringComparison.Ordinal))
            .Where(line => line.Contains("/fathom/", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(lines);

        foreach (var line in lines)
        {
            var before = stage.Api.Requests.Count;
            var command = line.Replace("127.0.0.1:8081", stage.Gateway.Internal.Authority, StringComparison.Ordinal)
                .Replace("/connections/42/", $"/connections/{user}/", StringComparison.Ordinal);
            var start = new ProcessStartInfo("bash", ["-c", command]);
            start.Environment["INTERNAL_API_KEY"] = TestSettings.InternalApiKey;
            await using var shell = ChildProcess.Start(start);
            Assert.Equal(0, await shell.ExitCodeAsync(TimeSpan.FromMinutes(1)));
            Assert.Equal(before + 1, stage.Api.Requests.Count);
        }

        Assert.Equal(0, _elsewhere.Connections);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _elsewhere.DisposeAsync();

    /// <summary>A connected user, whom the API sends to another host from now on.</summary>
    private async Task<string> RedirectedUserAsync(int status)
    {
        stage.Answer = _ => Task.FromResult(
            $"HTTP/1.1 {status} Moved\r\nLocation: http://localhost:{_elsewhere.Address.Port}/meetings\r\nContent-Length: 0\r\n\r\n");
        return await stage.UserAsync();
    }
}
