using System.Text.RegularExpressions;
using FathomGateway.Tests.House;
using Xunit;

namespace FathomGateway.Tests.Deploy;

/// <summary>The commands of docs/deployment.md: run, or marked with the reason why not.</summary>
public sealed partial class DeploymentDocumentTests
{
    private const string Mark = "# not in the tests: ";

    private static readonly string[] Blocks = [.. Block().Matches(Installed.Read("docs", "deployment.md")).Select(match => match.Groups[1].Value)];

    public static TheoryData<string> Commands() => [.. Blocks.Where(block => !block.StartsWith(Mark, StringComparison.Ordinal)).SelectMany(Lines)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Each_command_works(string command)
    {
        Installed.Need(command.Split(' ')[0]);
        Assert.SkipWhen(command.StartsWith("systemd-analyze", StringComparison.Ordinal) && !File.Exists("/usr/bin/dotnet"), "dotnet is not where the unit says.");
        var (exitCode, said) = await Installed.RunAsync("bash", "-c", command);

        Assert.True(exitCode == 0, said);
    }

    [Fact]
    public void Each_block_that_is_not_run_says_why() =>
        Assert.All(Blocks.Where(block => block.StartsWith('#')), block => Assert.Matches($"^{Mark}\\w.{{10,}}\n", block));

    [Fact]
    public void Each_file_that_it_names_is_there()
    {
        var named = Path().Matches(Installed.Read("docs", "deployment.md")).Select(match => match.Value).Distinct().ToArray();

        Assert.NotEmpty(named);
        Assert.All(named, path => Assert.True(System.IO.Path.Exists(System.IO.Path.Combine(Repository.Root, path)), path));
    }

    private static string[] Lines(string block) => block.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?<![\w/.-])(deploy|src|docs)/[\w./-]*\w")]
    private static partial Regex Path();
}
