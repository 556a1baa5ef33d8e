using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>A command on a terminal, which <c>script</c> gives it. The answer is on the standard input of <c>script</c>.</summary>
internal static class CommandOnTerminal
{
    /// <param name="words">The command, as words of a shell.</param>
    /// <param name="redirection">Of the command's own input or output, in place of the terminal. <c>{answer}</c> is the answer's
    /// file.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        Dictionary<string, string?> settings, string words, string answer, string redirection = "")
    {
        var file = Path.Combine(TempFolder.Create("answer"), "answer");
        await File.WriteAllTextAsync(file, $"{answer}\n");
        redirection = redirection.Replace("{answer}", file, StringComparison.Ordinal);
        var command = $"{GatewayCommand.ShellWords} {words} {redirection}";
        var (exitCode, output, errors) = await GatewayProcess.RunAsync(
            ["-qec", command, "/dev/null"], settings, $"exec < '{file}'", [Programs.Find("script", "apt-get install bsdutils")]);
        Assert.DoesNotContain("canary", output + errors, StringComparison.Ordinal);
        return (exitCode, output + errors);
    }
}
