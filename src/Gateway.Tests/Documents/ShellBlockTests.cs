using System.Diagnostics;
using System.Text.RegularExpressions;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Deploy;
using FathomGateway.Tests.Flow;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>The commands of README and docs: run, or marked with the reason why not.</summary>
/// <remarks>They run beside a gateway with a connected user 42, whose settings they find in the environment; its ports take the place of
/// 8080 and 8081.</remarks>
[Trait("Speed", "Slow")]
public sealed partial class ShellBlockTests(RealStores stores)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(9);

    // Of the shell, or defined by the tests.
    private static readonly string[] Given = ["export", "gateway", "deploy/try-image.sh"];

    public static TheoryData<string, string> Runnable()
    {
        var blocks = new TheoryData<string, string>();
        foreach (var (document, block) in AllBlocks().Where(
            one => !one.Block.Content.StartsWith(Document.NotRun, StringComparison.Ordinal)))
        {
            if (block.Heading is not (EncryptionKeyRotationDocumentTests.Section or GettingStartedTests.OwnMachine))
                blocks.Add(document.Name, block.Content);
        }

        return blocks;
    }

    [Theory]
    [MemberData(nameof(Runnable))]
    public async Task Each_shell_block_of_the_documents_runs(string document, string block)
    {
        Installed.Need(block.Split('\n').Select(line => line.Split(' ')[0]).Where(word => Word().IsMatch(word)).Except(Given));
        var settings = TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync());
        await using var stage = await Stage.StartAsync(settings);
        await stage.LinkAsync("42");
        var api = WireMock.RequestBuilders.Request.Create().WithPath("/api/*");
        stage.Provider.Server.Given(api).RespondWith(WireMock.ResponseBuilders.Response.Create().WithBody("{}"));

        var start = new ProcessStartInfo("bash", ["-c", $"set -eu -o pipefail\n{GatewayFunction}\n{Here(block, stage)}"])
        {
            WorkingDirectory = Repository.Root,
        };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        await using var shell = ChildProcess.Start(start);
        Assert.True(await shell.ExitCodeAsync(Limit) == 0, $"{document}:\n{block}\n{shell.Output}\n{shell.Errors}");
        Assert.DoesNotContain("\"error\"", shell.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_shell_block_that_is_not_run_says_why() =>
        Assert.All(
            AllBlocks().Select(one => one.Block.Content).Where(content => content.StartsWith('#')),
            content => Assert.Matches($"^{Document.NotRun}\\w.{{10,}}\n", content));

    [Fact]
    public void Each_file_that_a_document_names_exists()
    {
        foreach (var document in Document.All())
        {
            var links =
                Link().Matches(document.Text).Select(match => Path.Combine(Path.GetDirectoryName(document.Name)!, match.Groups[1].Value));
            foreach (var path in Named().Matches(document.Text).Select(match => match.Value).Concat(links).Distinct())
            {
                Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), $"{document.Name} names {path}");
            }
        }
    }

    private static string GatewayFunction => $"gateway() {{ {GatewayCommand.ShellWords} \"$@\"; }}";

    private static IEnumerable<(Document Document, Document.Block Block)> AllBlocks() =>
        Document.All().SelectMany(document => document.Blocks("sh").Select(block => (document, block)));

    private static string Here(string block, Stage stage) => block
        .Replace("127.0.0.1:8081", stage.Gateway.Internal.Authority, StringComparison.Ordinal)
        .Replace("127.0.0.1:8080", stage.Gateway.Public.Authority, StringComparison.Ordinal)
        // What the tests run is built, and a second build beside them would change it.
        .Replace("dotnet run --project src/Gateway --", "gateway", StringComparison.Ordinal);

    [GeneratedRegex("^[a-z][a-z0-9-]+$")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<![\w/.-])(deploy|src|docs)/[\w./-]*\w")]
    private static partial Regex Named();

    [GeneratedRegex(@"\]\(([\w./-]+\.md)(?:#[\w-]+)?\)")]
    private static partial Regex Link();
}
