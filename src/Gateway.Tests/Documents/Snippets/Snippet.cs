using System.Diagnostics;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents.Snippets;

/// <summary>The code of docs/backend.md in one language, at work as a backend's.</summary>
internal static class Snippet
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly Document Document = new("docs/backend.md");

    /// <param name="user">For the step "wait" a value of Retry-After, for the step "path" what is asked of the relay.</param>
    /// <returns>What came of the step: a token, a body, seconds, or the name of what was thrown.</returns>
    public static Task<string> RunAsync(string language, Uri gateway, string step, string user, Uri api) => language switch
    {
        "node" => InProcessAsync("node", "drive.mjs", [("fathom.mjs", "js", "//"), ("routes.mjs", "js", "//")], gateway, step, user, api),
        "python3" => InProcessAsync("python3", "drive.py", [("fathom.py", "python", "#")], gateway, step, user, api),
        _ => CompiledAsync(gateway, step, user, api),
    };

    private static async Task<string> InProcessAsync(
        string program, string driver, (string File, string Language, string Comment)[] files, Uri gateway, string step, string user,
        Uri api)
    {
        Assert.SkipUnless(Programs.IsOnPath(program), $"{program} is not installed on this machine.");
        var folder = TempFolder.Create("snippet");
        foreach (var (file, language, comment) in files) await File.WriteAllTextAsync(
            Path.Combine(folder, file), Document.Named(language, comment, file));
        File.Copy(Path.Combine(Repository.Root, "src", "Gateway.Tests", "Documents", "Snippets", driver), Path.Combine(folder, driver));
        var start = new ProcessStartInfo(program, [driver, step, user, api.AbsoluteUri]) { WorkingDirectory = folder };
        start.Environment["FATHOM_GATEWAY"] = gateway.AbsoluteUri;
        start.Environment["INTERNAL_API_KEY"] = TestSettings.InternalApiKey;
        await using var process = ChildProcess.Start(start);
        Assert.True(await process.ExitCodeAsync(Limit) == 0, process.Output + process.Errors);
        return process.Output.Trim();
    }

    private static async Task<string> CompiledAsync(Uri gateway, string step, string user, Uri api)
    {
        using var http = FathomTokens.CreateClient(gateway, TestSettings.InternalApiKey);
        using var fathom = new HttpClient();
        var tokens = new FathomTokens(http);
        try
        {
            return step switch
            {
                "wait" => $"{Wait(user).TotalSeconds}",
                "token" => (await tokens.GetAsync(user)).AccessToken,
                "path" => await (await tokens.RelayAsync("42", user)).Content.ReadAsStringAsync(),
                "redirected" => $"{(int)(await tokens.RelayAsync(user, "meetings?page=1")).StatusCode}",
                "refused" => await (await tokens.WithTokenAsync(fathom, user, api)).Content.ReadAsStringAsync(),
                _ => await (await tokens.RelayAsync(user, "meetings?page=1")).Content.ReadAsStringAsync(),
            };
        }
        catch (Exception failure) when (
            failure is NotConnectedException or ReconnectRequiredException or UnavailableException or HttpRequestException
                or ArgumentException)
        {
            return failure.GetType().Name.Replace("Exception", "", StringComparison.Ordinal);
        }
    }

    private static TimeSpan Wait(string retryAfter)
    {
        using var answer = new HttpResponseMessage();
        answer.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return FathomTokens.Wait(answer);
    }
}
