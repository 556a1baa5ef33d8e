using System.Text.RegularExpressions;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Deploy;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace FathomGateway.Tests.Releases;

/// <summary>The workflow that publishes a release: its steps are scripts of the repository, and only its last job may write.</summary>
public sealed partial class WorkflowTests
{
    private static readonly YamlNode Workflow = Yaml.Load(".github", "workflows", "release.yml");

    private static readonly string[] Jobs = [.. Workflow.At("jobs").Keys()];

    [Fact]
    public void A_tag_is_released_once_its_tests_have_passed()
    {
        Assert.Equal(["push"], Workflow.At("on").Keys());
        Assert.Equal("v*", Workflow.Text("on/push/tags/0"));
        Assert.Equal("**", Yaml.Load(".github", "workflows", "test.yml").Text("on/push/branches/0"));
        Assert.Equal("check archive images publish", string.Join(' ', Jobs));
        Assert.Contains(".ci/run", Lines("check"));
        Assert.Equal("check", Workflow.Text("jobs/archive/needs"));
        Assert.Equal("check", Workflow.Text("jobs/images/needs"));
        Assert.Equal(["archive", "images"], Workflow.At("jobs/publish/needs").Items().Select(one => $"{one}"));
    }

    [Fact]
    public void Each_step_is_a_script_that_is_there_or_gets_a_program()
    {
        var lines = Jobs.SelectMany(Lines).ToArray();

        Assert.All(lines, line => Assert.Matches(Step(), line));
        foreach (var script in lines.SelectMany(line => Script().Matches(line)).Select(match => match.Value))
        {
            var mode = File.GetUnixFileMode(Path.Combine(Repository.Root, script));
            Assert.True(mode.HasFlag(UnixFileMode.UserExecute), $"{script} can be run");
        }
    }

    [Fact]
    public void Every_script_is_part_of_the_workflow_or_named_where_releasing_is_explained()
    {
        var read = string.Concat(ReleaseCopy.Scripts.Select(script => Installed.Read("deploy", "release", script)));
        var told = Installed.Read("CONTRIBUTING.md") + string.Join('\n', Jobs.SelectMany(Lines));

        Assert.All(ReleaseCopy.Scripts, script => Assert.Matches($"/{Regex.Escape(script)}[\\s`\"]", told + read));
    }

    [Fact]
    public void The_publishing_job_alone_may_write_and_all_actions_are_GitHubs_own()
    {
        Assert.Equal("contents: read", Permissions(Workflow));
        Assert.All(Jobs.Except(["publish"]), job => Assert.Null(Workflow.At($"jobs/{job}/permissions")));
        Assert.Equal("contents: write, packages: write", Permissions(Workflow.At("jobs/publish")!));
        Assert.DoesNotContain(
            Lines("publish"),
            line => line.Contains(".ci/run", StringComparison.Ordinal) || line.Contains("test.sh", StringComparison.Ordinal));

        Assert.All(
            Jobs.SelectMany(Steps).Select(step => step.Text("uses")).OfType<string>(),
            uses => Assert.Matches(@"^actions/[a-z-]+@v\d+$", uses));
        Assert.All(
            Jobs.SelectMany(Steps).Where(step => step.Text("uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true),
            step => Assert.Equal("false", step.Text("with/persist-credentials")));
    }

    [Theory]
    [InlineData("archive")]
    [InlineData("images")]
    public void Both_architectures_are_built_on_a_runner_of_their_own(string job)
    {
        var machines = Workflow.At($"jobs/{job}/strategy/matrix/include").Items().ToArray();

        Assert.Equal(["amd64", "arm64"], machines.Select(machine => machine.Text("architecture")));
        Assert.Matches("^ubuntu-[0-9.]+$", machines[0].Text("runner"));
        Assert.Matches("^ubuntu-[0-9.]+-arm$", machines[1].Text("runner"));
    }

    private static IEnumerable<YamlNode> Steps(string job) => Workflow.At($"jobs/{job}/steps").Items();

    private static IEnumerable<string> Lines(string job) => Steps(job).Select(step => step.Text("run")).OfType<string>();

    private static string Permissions(YamlNode of) =>
        string.Join(", ", ((YamlMappingNode)of.At("permissions")!).Children.Select(one => $"{one.Key}: {one.Value}"));

    // A script with its arguments in quotation marks, the tests, or the packages of the programs that scripts need.
    [GeneratedRegex("""^((sudo )?deploy/release/[a-z-]+\.sh( "[^"]+")*|\.ci/run|sudo apt-get update && sudo apt-get install [\w -]+)$""")]
    private static partial Regex Step();

    [GeneratedRegex(@"deploy/release/[a-z-]+\.sh|\.ci/run")]
    private static partial Regex Script();
}
