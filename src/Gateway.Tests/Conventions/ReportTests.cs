using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>What <c>test.sh</c> says of a run besides passed and failed.</summary>
public sealed class ReportTests
{
    private const string Results = """
        <UnitTestResult testName="A.BTests.Runs" duration="00:01:02.5000000" outcome="Passed" />
        <UnitTestResult testName="A.CTests.Needs_php(version: &quot;8.2&quot;)" duration="00:00:00.0010000" outcome="NotExecuted">
          <Output><ErrorInfo><Message>php is not installed on this machine.</Message></ErrorInfo></Output>
        </UnitTestResult>
        """;

    /// <summary>The run that the report is asked about: <c>test.sh</c> asks about each of its runs.</summary>
    private const string Run = "native";

    [Fact]
    public async Task A_skipped_test_that_is_not_listed_is_named_with_its_reason_and_fails()
    {
        var (code, said) = await ReportAsync(listed: "Needs_nginx | no nginx here", retries: "");

        Assert.Equal(1, code);
        Assert.Contains("A.CTests.Needs_php(version: \"8.2\") (php is not installed on this machine.)", said, StringComparison.Ordinal);
        Assert.Contains("    62.5  A.BTests\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_skipped_test_that_is_listed_passes()
    {
        var (code, said) = await ReportAsync(listed: "# a comment\nA.CTests.Needs_php | no php here", retries: "");

        Assert.Equal(0, code);
        Assert.DoesNotContain("skipped", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retries_are_counted_for_each_test()
    {
        var (_, said) = await ReportAsync(listed: "A.", retries: "A.BTests.Runs\nA.DTests.Asks\nA.BTests.Runs\n");

        Assert.Contains("retries after \"not now\": 3", said, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^ *2 A\.BTests\.Runs$", said);
    }

    [Fact]
    public void Each_line_of_the_list_names_a_test_and_a_reason()
    {
        var tests = typeof(ReportTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Select(method => $"{type.FullName}.{method.Name}"))
            .ToArray();
        var lines =
            File.ReadLines(Path.Combine(Repository.Root, ".ci", "skipped-tests")).Where(line => line.Length > 0 && !line.StartsWith('#'));

        Assert.All(lines, line =>
        {
            var (name, reason) = (line.Split(" | ")[0], line.Split(" | ")[1]);
            Assert.Contains(tests, test => test.Contains(name, StringComparison.Ordinal));
            Assert.True(reason.Length > 10, line);
        });
    }

    private static async Task<(int Code, string Said)> ReportAsync(string listed, string retries)
    {
        var folder = TempFolder.Create("report");
        File.Copy(Path.Combine(Repository.Root, ".ci", "report"), Path.Combine(folder, "report"));
        await File.WriteAllTextAsync(Path.Combine(folder, "skipped-tests"), listed);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{Run}.trx"), Results);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{Run}-retries.txt"), retries);
        await using var report = ChildProcess.Start(new("bash", [Path.Combine(folder, "report"), folder, Run]));
        var code = await report.ExitCodeAsync(TimeSpan.FromSeconds(60));
        return (code, report.Output);
    }
}
