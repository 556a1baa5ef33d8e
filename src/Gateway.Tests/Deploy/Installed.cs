using System.Diagnostics;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Deploy;

/// <summary>Programs of operators: run where they are installed, a reason to skip the test where they are not.</summary>
internal static class Installed
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(9);

    /// <summary>Runs a program in the repository's root and returns its exit code and all it said.</summary>
    public static async Task<(int ExitCode, string Said)> RunAsync(string program, params IEnumerable<string> arguments)
    {
        Need(program);
        await using var child = ChildProcess.Start(
            new ProcessStartInfo(Programs.Find(program, $"install {program}"), arguments) { WorkingDirectory = Repository.Root });
        var exitCode = await child.ExitCodeAsync(Limit);
        return (exitCode, $"{child.Output}\n{child.Errors}".Trim());
    }

    /// <summary>Skips the test when a program is not there.</summary>
    public static void Need(params IEnumerable<string> programs)
    {
        foreach (var program in programs) Assert.SkipUnless(Programs.IsOnPath(program), $"{program} is not installed on this machine.");
    }

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));
}
