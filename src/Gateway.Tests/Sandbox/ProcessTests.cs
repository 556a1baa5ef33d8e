using System.Diagnostics;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>The sandbox as a process of its own, on a machine with its own settings and used ports.</summary>
[Trait("Speed", "Slow")]
public sealed class ProcessTests
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    // A second or two on an idle machine; the tests of a run keep it busy.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_sandbox_ignores_the_machines_variables_and_leaves_nothing_after_SIGTERM()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        var temp = TempFolder.Create("sandbox-process");
        var start = new ProcessStartInfo("dotnet", [typeof(FathomGateway.Sandbox.SandboxCommand).Assembly.Location])
        {
            Environment =
            {
                ["REDIS_URL"] = "redis://127.0.0.1:1",
                ["DATABASE_URL"] = "postgresql://127.0.0.1:1/none",
                ["JWT_SECRET"] = "of the machine",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:1",
                ["Kestrel__Endpoints__Other__Url"] = "http://127.0.0.1:1",
                ["Logging__LogLevel__Default"] = "Trace",
                ["TMPDIR"] = temp,
            },
        };
        await using var sandbox = ChildProcess.Start(start);
        await Eventually.BecomesTrueAsync(
            () => sandbox.Output.Contains("Ctrl+C", StringComparison.Ordinal), StartLimit, "the sandbox names its page");
        Assert.NotEmpty(Directory.GetDirectories(temp, "fathom-sandbox-*"));

        sandbox.Send(Signal.Terminate);
        Assert.Equal(0, await sandbox.ExitCodeAsync(StopLimit));
        Assert.Matches("^Open http://127\\.0\\.0\\.1:[0-9]+/dashboard\\n.*/show\\nCtrl\\+C ends it\\.$", sandbox.Output);
        Assert.Empty(sandbox.Errors);
        Assert.Empty(Directory.GetDirectories(temp, "fathom-sandbox-*"));
    }
}
