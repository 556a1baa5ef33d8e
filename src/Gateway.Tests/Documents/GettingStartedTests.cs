using System.Diagnostics;
using System.Text.Json;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>docs/getting-started.md, walked as it stands there.</summary>
[Trait("Speed", "Slow")]
public sealed class GettingStartedTests
{
    /// <summary>Its blocks are typed into two terminals, and are run here.</summary>
    internal const string OwnMachine = "First on your own machine";

    private const string Start = "dotnet run --project src/Gateway -c Release", Backend = "https://api-abcd.onrender.com";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly Document Page = new("docs/getting-started.md");

    [Fact]
    public async Task The_commands_of_getting_started_reach_the_backend_and_the_consent_page()
    {
        var blocks = Page.Blocks("sh").Where(block => block.Heading == OwnMachine).Select(block => block.Content).ToArray();
        Assert.Equal(3, blocks.Length);
        await using var backend = RecordingBackend.Start();
        var port = FreePort.Next();

        await using var gateway = Shell(blocks[0].Replace(Backend, $"{backend.Address}", StringComparison.Ordinal)
            .Replace(Start, $"exec {GatewayCommand.ShellWords}", StringComparison.Ordinal), port);
        await Eventually.BecomesTrueAsync(
            () => gateway.HasExited
                ? throw new InvalidOperationException(gateway.Errors)
                : gateway.Output.Contains("Serving on port", StringComparison.Ordinal), Limit, "the gateway serves");

        Assert.EndsWith("backend", await SaidAsync(blocks[1], port), StringComparison.Ordinal);
        Assert.Contains("GET /any/route/of/your/backend ", backend.Request.Head.Text, StringComparison.Ordinal);

        using var answer = JsonDocument.Parse(await SaidAsync(blocks[2], port));
        var address = answer.RootElement.GetProperty("url").GetString()!;
        Assert.StartsWith("https://", address, StringComparison.Ordinal);
        Assert.Contains("client_id=your-client-id", address, StringComparison.Ordinal);
        Assert.Contains(Uri.EscapeDataString("http://localhost:8080/fathom/callback"), address, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_start_with_four_variables_prints_what_getting_started_shows()
    {
        var shown = Page.Blocks("text").Single().Content.TrimEnd();

        var (exitCode, _, errors) = await GatewayProcess.RunAsync([], new Dictionary<string, string?>
        {
            ["FATHOM_CLIENT_ID"] = "your-client-id",
            ["FATHOM_CLIENT_SECRET"] = "your-client-secret",
            ["FATHOM_REDIRECT_URI"] = "https://gateway.example.com/fathom/callback",
            ["FRONTEND_URL"] = "https://app.example.com",
        });

        Assert.Equal(78, exitCode);
        Assert.Equal(shown, errors.TrimEnd());
    }

    private static ChildProcess Shell(string script, int port)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"set -eu -o pipefail\n{script}"]) { WorkingDirectory = Repository.Root };
        start.Environment["PORT"] = $"{port}";
        start.Environment["PUBLIC_HOST"] = "127.0.0.1";
        start.Environment["MANAGEMENT_PORT"] = "0";
        start.Environment["DATA_DIR"] = TempFolder.Create("data");
        return ChildProcess.Start(start);
    }

    private static async Task<string> SaidAsync(string script, int port)
    {
        await using var shell = Shell(script.Replace("127.0.0.1:8080", $"127.0.0.1:{port}", StringComparison.Ordinal), port);
        Assert.True(await shell.ExitCodeAsync(Limit) == 0, shell.Output + shell.Errors);
        return shell.Output.Trim();
    }
}
