using System.Diagnostics;
using System.Text.RegularExpressions;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Documents;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Flow;

/// <summary>Does what docs/operations.md says, by the commands that stand there.</summary>
public sealed partial class EncryptionKeyRotationDocumentTests(RealStores stores)
{
    /// <summary>Its blocks are steps of one whole, and are run here.</summary>
    internal const string Section = "Rotating the key";

    private const string Variables = "old new TOKEN_ENCRYPTION_KEYS";

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task The_four_steps_of_the_document_rotate_the_key_T25()
    {
        var url = await stores.NewDatabaseAsync();
        var steps = new Document("docs/operations.md").Blocks("sh")
            .Where(block => block.Heading == Section)
            .Select(block => block.Content)
            .ToArray();
        Assert.Equal(4, steps.Length);

        var first = TestSettings.NewKey("first");
        await DeployAsync(url, first, stage => stage.LinkAsync("ann"));
        var known = $"export TOKEN_ENCRYPTION_KEYS={first} DATABASE_URL='{url}?Timeout=60'";
        foreach (var step in steps)
        {
            known = await RunAsync($"{known}\n{step}", url);
            var keys = Keys().Match(known).Groups[1].Value;
            await DeployAsync(url, keys, async stage => Assert.Equal("access-1", await stage.AccessTokenAsync("ann")));
        }

        Assert.DoesNotContain(first, Keys().Match(known).Value, StringComparison.Ordinal);
    }

    /// <summary>A replica with these keys, and one look at it.</summary>
    private async Task DeployAsync(string url, string keys, Func<Stage, Task> look)
    {
        await using var stage =
            await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), url, ("TOKEN_ENCRYPTION_KEYS", keys)));
        await look(stage);
    }

    /// <summary>Runs a step in a shell that stops at the first failure, and returns what the shell knows then.</summary>
    private static async Task<string> RunAsync(string step, string url)
    {
        var gateway = $"gateway() {{ {GatewayCommand.ShellWords} \"$@\"; }}";
        var script =
            $"set -e; old= new=; {gateway}\n{step}\necho ---\ndeclare -p {Variables}; echo \"export DATABASE_URL='{url}?Timeout=60'\"";
        var start = new ProcessStartInfo("bash", ["-c", script]) { WorkingDirectory = TempFolder.Create("operator") };
        start.Environment.Remove("REDIS_URL");
        await using var shell = ChildProcess.Start(start);
        Assert.True(await shell.ExitCodeAsync(TimeSpan.FromMinutes(3)) == 0, shell.Errors);
        return shell.Output.Split("---\n")[^1];
    }

    [GeneratedRegex("declare -x TOKEN_ENCRYPTION_KEYS=\"(.*)\"")]
    private static partial Regex Keys();
}
