using System.Diagnostics;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>
/// A backend that has a "Connect Fathom" of its own: the lines of docs/getting-started.md for the period in which each user is connected by
/// one of the two.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class MigrationTests
{
    [Fact]
    public async Task The_documented_migration_asks_the_gateway_first_and_then_the_backends_own_table()
    {
        await using var stage = await Stage.StartAsync();
        var user = Fresh.User();
        Assert.Equal("own token", await TokenAsync(stage, user));

        await stage.LinkAsync(user);
        Assert.Equal(await stage.AccessTokenAsync(user), await TokenAsync(stage, user));

        stage.RequireReconnect(user);
        Assert.Equal("ReconnectRequired", await TokenAsync(stage, user));
    }

    private static async Task<string> TokenAsync(Stage stage, string user)
    {
        Assert.SkipUnless(Programs.IsOnPath("node"), "node is not installed on this machine.");
        var folder = TempFolder.Create("migration");
        await File.WriteAllTextAsync(Path.Combine(folder, "fathom.mjs"), new Document("docs/backend.md").Named("js", "//", "fathom.mjs"));
        var block = new Document("docs/getting-started.md").Named("js", "//", "tokens.mjs");
        await File.WriteAllTextAsync(Path.Combine(folder, "tokens.mjs"), $"const ownToken = async () => 'own token';\n{block}");
        var start = new ProcessStartInfo("node", ["--input-type=module", "--eval", """
            import { tokenOf } from "./tokens.mjs";
            console.log(await tokenOf(process.env.USER_ID).catch(failure => failure.constructor.name));
            """])
        { WorkingDirectory = folder };
        start.Environment["FATHOM_GATEWAY"] = stage.Gateway.Internal.AbsoluteUri.TrimEnd('/');
        start.Environment["INTERNAL_API_KEY"] = TestSettings.InternalApiKey;
        start.Environment["USER_ID"] = user;
        await using var node = ChildProcess.Start(start);
        Assert.True(await node.ExitCodeAsync(TimeSpan.FromMinutes(1)) == 0, node.Output + node.Errors);
        return node.Output.Trim();
    }
}
