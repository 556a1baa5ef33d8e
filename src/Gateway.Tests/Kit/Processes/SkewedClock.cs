using System.Diagnostics;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// Lets PostgreSQL see another time than the machine's (libfaketime). It alone: .NET's waiting breaks under that library, and Redis' memory
/// allocator hangs.
/// </summary>
internal static class SkewedClock
{
    private const string Library = "libfaketimeMT.so.1";

    /// <param name="skew">Such as <c>+300s</c>; null leaves the process alone.</param>
    public static ProcessStartInfo Under(string? skew, ProcessStartInfo start)
    {
        if (skew is null) return start;
        var library = Programs.Find(
            Library,
            "apt-get install libfaketime",
            Directory.GetDirectories("/usr/lib").Append("/usr/lib").Select(folder => Path.Combine(folder, "faketime", Library)));
        string[] words = ["env", $"LD_PRELOAD={library}", $"FAKETIME={skew}", "FAKETIME_DONT_FAKE_MONOTONIC=1"];
        // Behind setpriv, where there is one: the library keeps a semaphore, which must belong to the server's own account.
        string[] command = [start.FileName, .. start.ArgumentList];
        var at = Array.IndexOf(command, "--") + 1;
        command = [.. command[..at], .. words, .. command[at..]];
        return new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = start.WorkingDirectory };
    }
}
