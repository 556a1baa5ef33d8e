using System.Diagnostics;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>The lines for the frontend, taken from README and docs, in Node with a page's few names around them.</summary>
public sealed class PageSnippetTests
{
    [Fact]
    public async Task The_button_of_getting_started_finds_the_consent_page()
    {
        await using var stage = await Stage.StartAsync();
        var said = await RunAsync(stage, $$"""
            const asUser = { headers: { Authorization: `Bearer ${jwt}` } };
            const axios = { get: async path => ({ data: await (await fetch(api + path, asUser)).json() }) };
            const window = { location: {} };
            {{new Document("docs/getting-started.md").Blocks("js").First().Content}}
            console.log(window.location.href);
            """, Fresh.User());

        Assert.StartsWith(stage.Provider.AuthorizeUrl, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#fathom_confirm=", "/dashboard")]
    [InlineData("#/dashboard?fathom_confirm=", "/#/dashboard")]
    public async Task The_documented_lines_for_confirm_without_a_framework_link_the_user(string mark, string left)
    {
        await using var stage = await Stage.StartAsync(("LINK_BINDING", "confirm"));
        var user = Fresh.User();
        var browserUser = new BrowserUser(stage, user);
        var handle = await browserUser.ParkAsync(await browserUser.BeginAsync(), Fresh.Code());
        Assert.Null(await stage.ConnectionAsync(user));

        var said = await RunAsync(stage, $$"""
            const location = { hash: "{{mark}}{{handle}}", pathname: "{{left.Split('#')[0]}}" };
            const history = { replaceState: (state, title, address) => { if (address !== "{{left}}") throw new Error(address); } };
            const tell = console.log;
            {{new Document("docs/frontend.md").Blocks("js").Single(block => block.Heading == "Without a framework").Content}}
            """, user);

        Assert.Equal("connected", said);
        Assert.NotNull(await stage.ConnectionAsync(user));
    }

    private static async Task<string> RunAsync(Stage stage, string script, string user)
    {
        Assert.SkipUnless(Programs.IsOnPath("node"), "node is not installed on this machine.");
        var start = new ProcessStartInfo("node", ["--input-type=module", "--eval", $"const {{ api, jwt }} = process.env;\n{script}"]);
        start.Environment["api"] = stage.Gateway.Public.AbsoluteUri.TrimEnd('/');
        start.Environment["jwt"] = Jwt.For(user);
        await using var node = ChildProcess.Start(start);
        Assert.True(await node.ExitCodeAsync(TimeSpan.FromMinutes(1)) == 0, node.Output + node.Errors);
        return node.Output.Trim();
    }
}
