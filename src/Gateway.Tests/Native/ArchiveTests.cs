using System.Diagnostics;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Native;

/// <summary>The archive of a release, made of the published file that <c>GATEWAY</c> names.</summary>
[Trait("Speed", "Slow")]
public sealed class ArchiveTests : IAsyncLifetime
{
    /// <summary>The script's word for "cannot be tried on this machine", as automake's.</summary>
    private const int NotTried = 77;

    /// <summary>In bytes: what an installation downloads once, and every start reads.</summary>
    private const long MaxProgramBytes = 40_000_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly string? Program = Environment.GetEnvironmentVariable("GATEWAY");

    private readonly string _dist = TempFolder.Create("archive");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Program is null || Path.GetExtension(Program) == ".dll", "GATEWAY names no native file.");
        var (exitCode, said) = await RunAsync("deploy/release/tarball.sh", Path.GetDirectoryName(Program)!);
        Assert.True(exitCode == 0, said);
    }

    public ValueTask DisposeAsync()
    {
        TempFolder.Remove(_dist);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_release_archive_has_the_files_of_an_installation_and_no_other()
    {
        var (_, said) = await RunAsync("-c", $"tar -tzf {_dist}/*.tar.gz");
        var files = said.Split('\n').Select(line => line.Split('/', 2)[1]).Where(name => name.Length > 0);

        string[] program = ["gateway", "libe_sqlite3.so", "yarp.json"], texts = ["CHANGELOG.md", "LICENSE", "install.md"];
        string[] expected = [.. program, .. texts, "fathom-gateway.service", "settings.example"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
        Assert.InRange(new FileInfo(Program!).Length, 1, MaxProgramBytes);
    }

    [Fact]
    public async Task The_same_commit_makes_the_same_release_archive()
    {
        var (_, once) = await RunAsync("-c", $"sha256sum {_dist}/*.tar.gz");
        await RunAsync("deploy/release/tarball.sh", Path.GetDirectoryName(Program)!);
        var (_, again) = await RunAsync("-c", $"sha256sum {_dist}/*.tar.gz");

        Assert.Equal(once, again);
    }

    [Fact]
    public async Task A_gateway_installed_by_the_documented_commands_serves_with_only_the_C_library_and_OpenSSL()
    {
        var (exitCode, said) = await RunAsync("deploy/release/try-tarball.sh");

        Assert.SkipWhen(exitCode == NotTried, said);
        Assert.True(exitCode == 0, said);
        Assert.Contains("ok: the commands under \"Install\" work", said, StringComparison.Ordinal);
        Assert.Contains("ok: it uses no library but those of C, OpenSSL and its own SQLite", said, StringComparison.Ordinal);
        Assert.Contains("ok: it serves", said, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Said)> RunAsync(params string[] arguments)
    {
        await using var shell = ChildProcess.Start(new ProcessStartInfo("bash", arguments)
        {
            WorkingDirectory = Repository.Root,
            Environment = { ["DIST"] = _dist },
        });
        var exitCode = await shell.ExitCodeAsync(Limit);
        return (exitCode, $"{shell.Output}\n{shell.Errors}".Trim());
    }
}
