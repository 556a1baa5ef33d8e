using Xunit;

namespace FathomGateway.Tests.Deploy;

/// <summary>The image: what its file says, and what the gateway does in a root file system made like it.</summary>
public sealed class DockerfileTests
{
    /// <summary>The script's word for "cannot be tried on this machine", as automake's.</summary>
    private const int NotTried = 77;

    [Fact]
    public void The_last_stage_of_the_Dockerfile_runs_no_command_and_is_not_root_T38()
    {
        var stage = Installed.Read("Dockerfile").Split("\nFROM ")[^1];

        Assert.Contains("\nUSER 1654\n", stage, StringComparison.Ordinal);
        Assert.DoesNotContain("\nRUN ", stage, StringComparison.Ordinal);
        Assert.Contains("HEALTHCHECK", stage, StringComparison.Ordinal);
        Assert.Contains("CMD [\"/app/gateway\", \"health\"]", stage, StringComparison.Ordinal);
    }

    [Fact]
    public void The_image_has_a_chiselled_runtime_and_writes_no_memory_dumps_T38()
    {
        var text = Installed.Read("Dockerfile");

        Assert.Contains("ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled", text, StringComparison.Ordinal);
        Assert.Contains("DOTNET_DbgEnableMiniDump=0 DOTNET_EnableDiagnostics=0", text.Split("\nFROM ")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_benchmark_and_the_image_publish_with_the_same_options()
    {
        const string Options = "--self-contained false -p:PublishReadyToRun=true -o";

        Assert.Contains(Options, Installed.Read("Dockerfile"), StringComparison.Ordinal);
        Assert.Contains(Options, Installed.Read("bench", "lib", "publish.sh"), StringComparison.Ordinal);
    }

    // With the built gateway in place of a published one: publishing would write into the folders that other tests run from.
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task The_gateway_serves_as_a_user_without_rights_on_a_read_only_file_system_T38() =>
        await TryAsync("--app", Kit.GatewayCommand.Folder);

    // Buildah builds in a copy of the sources, so this one does publish, as the Dockerfile says.
    [Fact]
    [Trait("Speed", "Exhaustive")]
    public async Task An_image_that_buildah_builds_from_the_Dockerfile_serves() =>
        Assert.Contains("ok: buildah builds the Dockerfile", await TryAsync("--buildah"), StringComparison.Ordinal);

    private static async Task<string> TryAsync(params string[] options)
    {
        var (exitCode, said) = await Installed.RunAsync("bash", ["deploy/try-image.sh", .. options]);

        Assert.SkipWhen(exitCode == NotTried, said);
        Assert.True(exitCode == 0, said);
        Assert.Contains("ok: it serves", said, StringComparison.Ordinal);
        Assert.Contains("ok: nothing but /data can be written to", said, StringComparison.Ordinal);
        return said;
    }
}
