using FathomGateway.Tests.Deploy;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace FathomGateway.Tests.Conventions;

/// <summary>
/// What GitHub reads: the workflow and the forms. It silently ignores a form that it does not understand.
/// </summary>
public sealed class GithubTests
{
    private const string Forms = ".github/ISSUE_TEMPLATE";

    private static readonly string[] Parts = ["markdown", "textarea", "input", "dropdown", "checkboxes"];

    private static readonly YamlNode Workflow = Yaml.Load(".github", "workflows", "test.yml");

    private static readonly YamlNode[] Steps = [.. Workflow.At("jobs/test/steps").Items()];

    public static TheoryData<string> Files() => new(Directory.EnumerateFiles(Path.Combine(Repository.Root, Forms), "*.yml")
        .Select(file => Path.GetFileName(file)).Where(name => name != "config.yml").Order(StringComparer.Ordinal));

    [Fact]
    public void Each_push_and_each_pull_request_runs_test_sh()
    {
        Assert.Equal(["push", "pull_request"], Workflow.At("on").Keys());
        Assert.Single(Steps, step => step.Text("run") == ".ci/run");
        Assert.EndsWith("/../test.sh\" --all --native </dev/null\n", Installed.Read(".ci", "run"), StringComparison.Ordinal);
        Assert.Equal("global.json", Assert.Single(Steps, step => Uses(step, "actions/setup-dotnet")).Text("with/global-json-file"));
        Assert.True(File.Exists(Path.Combine(Repository.Root, "global.json")));
    }

    [Fact]
    public void The_workflow_may_read_the_code_and_nothing_else()
    {
        var permission = Assert.Single(((YamlMappingNode)Workflow.At("permissions")!).Children);
        Assert.Equal("contents: read", $"{permission.Key}: {permission.Value}");
        Assert.Null(Workflow.At("jobs/test/permissions"));
        Assert.Equal("false", Assert.Single(Steps, step => Uses(step, "actions/checkout")).Text("with/persist-credentials"));
        // Of GitHub's own actions alone, each of a version: a third party's action could read the runner's secrets.
        Assert.All(Steps.Select(step => step.Text("uses")).OfType<string>(), uses => Assert.Matches(@"^actions/[a-z-]+@v\d+$", uses));
    }

    [Fact]
    public void The_test_results_are_uploaded_when_the_workflow_fails()
    {
        var kept = Assert.Single(Steps, step => Uses(step, "actions/upload-artifact"));
        Assert.Equal("failure()", kept.Text("if"));
        Assert.Contains($"--results-directory {kept.Text("with/path")} ", Installed.Read("test.sh"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_issue_form_is_valid_for_GitHub(string file)
    {
        var form = Yaml.Load(Forms, file);
        Assert.Empty(form.Keys().Except(["name", "description", "title", "labels", "assignees", "projects", "type", "body"]));
        Assert.NotEmpty(form.Text("name")!);
        Assert.NotEmpty(form.Text("description")!);

        var parts = form.At("body").Items().ToArray();
        Assert.All(parts, part => Assert.Contains(part.Text("type"), Parts));
        Assert.All(parts, part => Assert.NotEmpty(part.Text(part.Text("type") == "markdown" ? "attributes/value" : "attributes/label")!));
        Assert.All(parts.Where(part => part.Text("type") == "dropdown"), part => Assert.NotEmpty(part.At("attributes/options").Items()));
        var ids = parts.Where(part => part.Text("type") != "markdown").Select(part => part.Text("id")).ToArray();
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(ids, Assert.NotNull);
    }

    [Fact]
    public void The_public_issue_forms_lead_vulnerability_reports_to_SECURITY_md()
    {
        var config = Yaml.Load(Forms, "config.yml");
        Assert.Equal("false", config.Text("blank_issues_enabled"));
        Assert.Contains("SECURITY.md", config.Text("contact_links/0/about"), StringComparison.Ordinal);
        Assert.StartsWith("https://", config.Text("contact_links/0/url"), StringComparison.Ordinal);
        Assert.Contains("SECURITY.md", Installed.Read(Forms, "bug.yml"), StringComparison.Ordinal);
    }

    private static bool Uses(YamlNode step, string action) => step.Text("uses")?.StartsWith(action + "@", StringComparison.Ordinal) == true;
}
