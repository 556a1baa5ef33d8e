using System.Diagnostics;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>The start of a CommonJS backend in docs/backend.md, with a stub of Express that prints what is mounted.</summary>
public sealed class CommonJsTests
{
    private const string Express = """
        const says = word => what => console.log(`${word} ${what}`);
        const app = { post: says("post"), use: says("use"), listen: says("listen") };
        module.exports = Object.assign(() => app, { raw: () => "raw", json: () => "json" });
        """;

    [Fact]
    public async Task The_documented_receiver_is_mounted_before_the_JSON_parser()
    {
        Assert.SkipUnless(Programs.IsOnPath("node"), "node is not installed on this machine.");
        var (folder, document) = (TempFolder.Create("commonjs"), new Document("docs/backend.md"));
        foreach (var file in (string[])["fathom.mjs", "events.mjs", "server.cjs"])
            await File.WriteAllTextAsync(Path.Combine(folder, file), document.Named("js", "//", file));
        foreach (var file in (string[])["routes.cjs", "store.cjs"])
            await File.WriteAllTextAsync(Path.Combine(folder, file), "");
        var express = Directory.CreateDirectory(Path.Combine(folder, "node_modules", "express")).FullName;
        await File.WriteAllTextAsync(Path.Combine(express, "index.js"), Express);

        var start = new ProcessStartInfo("node", ["server.cjs"]) { WorkingDirectory = folder };
        start.Environment.Remove("PORT");
        await using var node = ChildProcess.Start(start);

        Assert.True(await node.ExitCodeAsync(TimeSpan.FromMinutes(1)) == 0, node.Output + node.Errors);
        Assert.Equal("post /fathom-events\npost /fathom-webhook\nuse json\nuse /api\nlisten 3000", node.Output.Trim());
    }
}
