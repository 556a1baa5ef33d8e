using System.Diagnostics;
using System.Text.RegularExpressions;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents.Frontend;

/// <summary>The React app of docs/frontend.md, bundled from the document, on a server that obeys one of its <c>_redirects</c>.</summary>
internal sealed partial class FrontendSite : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly Document Page = new("docs/frontend.md");

    /// <summary>Those of the code of all documents: two installations at once would break each other.</summary>
    internal static readonly NpmPackages Packages = new("Documents", "Frontend");

    /// <summary>What the document leaves to the app: the page, and Supabase's client; tests sign in by <c>signInAs(jwt)</c>.</summary>
    private static readonly (string Name, string Content)[] Own =
    [
        ("index.html", """<!doctype html><title>App</title><div id="root"></div><script src="/main.js"></script>"""),
        ("supabase.js", """
            export const supabase = { auth: { onAuthStateChange: tell => {
              window.signInAs = jwt => tell("SIGNED_IN", { access_token: jwt });
              tell("INITIAL_SESSION", sessionStorage.jwt ? { access_token: sessionStorage.jwt } : null);
              return { data: { subscription: { unsubscribe: () => {} } } };
            } } };
            """),
        // An app that takes the component off the page and puts it back. Its sign-in is a function.
        ("remount.html", """<!doctype html><title>Remount</title><div id="root"></div><script src="/remount.js"></script>"""),
        ("remount.jsx", """
            import { StrictMode, useState } from "react";
            import { createRoot } from "react-dom/client";
            import { ConnectFathom } from "./ConnectFathom.jsx";
            const jwt = async () => sessionStorage.jwt;
            function App() {
              const [count, setCount] = useState(1);
              window.remount = () => setCount(count + 1);
              return <ConnectFathom key={count} api={gatewayAddress} jwt={jwt} showStatus={true} />;
            }
            createRoot(document.getElementById("root")).render(<StrictMode><App /></StrictMode>);
            """),
    ];

    private readonly ChildProcess _server;

    private FrontendSite(ChildProcess server, int port) => (_server, Address) = (server, new Uri($"http://127.0.0.1:{port}/"));

    public Uri Address { get; }

    /// <param name="rules">The first line of the block that has them.</param>
    /// <param name="gateway">Takes the place of the example in the rules.</param>
    public static async Task<FrontendSite> StartAsync(int port, string rules, Uri? gateway = null)
    {
        var folder = TempFolder.Create("frontend");
        var text = Page.Blocks("text").Single(block => block.Content.StartsWith($"{rules}\n", StringComparison.Ordinal)).Content;
        if (gateway is not null) text = text.Replace("https://gateway.example.com/", $"{gateway}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "_redirects"), text);
        await BundleAsync(folder);

        var start = new ProcessStartInfo("node", ["site.mjs", $"{port}", folder]) { WorkingDirectory = Packages.Folder };
        var server = ChildProcess.Start(start);
        await Eventually.BecomesTrueAsync(() => Listens(server), Limit, "the site serves");
        return new FrontendSite(server, port);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static bool Listens(ChildProcess server) => server.HasExited
        ? throw new InvalidOperationException(server.Errors)
        : server.Output.Contains("listening", StringComparison.Ordinal);

    /// <summary>The tests give the address of the gateway by a global variable, so that one bundle does for all gateways.</summary>
    private static async Task BundleAsync(string folder)
    {
        foreach (var (name, content) in Own) await File.WriteAllTextAsync(Path.Combine(folder, name), content);
        var blocks = Page.Blocks("js").Concat(Page.Blocks("jsx"))
            .Select(block => block.Content).Where(block => FileName().IsMatch(block)).ToArray();
        Assert.Equal(6, blocks.Length);
        foreach (var block in blocks)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, FileName().Match(block).Groups[1].Value), block);
        }

        var start = new ProcessStartInfo(
            Path.Combine(Packages.Folder, "node_modules", ".bin", "esbuild"),
            [
                "main.jsx", "remount.jsx", "--bundle", "--jsx=automatic", "--outdir=.", "--log-level=warning",
                "--define:import.meta.env.VITE_API_URL=gatewayAddress", "--define:import.meta.env.VITE_FATHOM_STATUS=fathomStatus",
                // The development build: StrictMode runs effects twice there.
                "--define:process.env.NODE_ENV=\"development\"",
            ])
        { WorkingDirectory = folder };
        start.Environment["NODE_PATH"] = Path.Combine(Packages.Folder, "node_modules");
        await using var esbuild = ChildProcess.Start(start);
        Assert.True(await esbuild.ExitCodeAsync(Limit) == 0, esbuild.Output + esbuild.Errors);
        Assert.Equal("", esbuild.Errors);
    }

    [GeneratedRegex(@"\A// ([\w.]+)\n")]
    private static partial Regex FileName();
}
