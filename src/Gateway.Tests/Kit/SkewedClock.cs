using System.Diagnostics;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// Lets a server see another time than the machine's (libfaketime). For the servers of the stores alone: it breaks the runtime's own waiting, which goes by the monotonic clock.
/// </summary>
internal static class SkewedClock
{
    private const string Library = "libfaketimeMT.so.1";

    /// <param name="skew">Such as <c>+300s</c>; null leaves the process alone.</param>
    public static ProcessStartInfo Under(string? skew, ProcessStartInfo start)
    {
        if (skew is null) return start;
        start.Environment["LD_PRELOAD"] = Programs.Find(
            Library, "apt-get install libfaketime", Directory.GetDirectories("/usr/lib").Append("/usr/lib").Select(folder => Path.Combine(folder, "faketime", Library)));
        start.Environment["FAKETIME"] = skew;
        start.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        // Nothing is shared with processes that start others.
        start.Environment["FAKETIME_DISABLE_SHM"] = "1";
        return start;
    }
}
