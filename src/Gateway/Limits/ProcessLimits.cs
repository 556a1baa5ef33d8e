using System.Globalization;
using FathomGateway.Settings;

namespace FathomGateway.Limits;

/// <summary>How much the connections of the public listener may hold in all.</summary>
/// <param name="Connections">Open connections: beyond the limit on file descriptors the runtime aborts the process.</param>
/// <param name="Memory">
/// Bytes that they may be charged with: beyond the memory that the process may have, the runtime aborts it as well.
/// </param>
internal sealed record ProcessLimits(int Connections, long Memory)
{
    /// <summary>
    /// Descriptors for everything else: 240 of the runtime's own libraries, the pools of the stores and of the provider, and room for what
    /// is being opened and closed.
    /// </summary>
    private const int ReservedDescriptors = 400;

    /// <summary>One towards the client, one towards the backend.</summary>
    private const int DescriptorsPerConnection = 2;

    /// <summary>A gateway that could serve fewer is not started.</summary>
    private const int FewestConnections = 32;

    private const int FewestDescriptors = ReservedDescriptors + (FewestConnections * DescriptorsPerConnection);

    /// <summary>
    /// The share of the memory that connections may be charged with. The other half is the gateway's own 60 MB, garbage that waits for its
    /// collection, buffers towards the backend, and the difference between what is charged and what is really held: see docs/decisions.md
    /// for what was measured.
    /// </summary>
    private const int MemoryShare = 2;

    /// <summary>
    /// Of this process, by its limit on open files and by the memory that the container or <c>DOTNET_GCHeapHardLimit</c> leave it.
    /// </summary>
    public static ProcessLimits Read() =>
        new(ConnectionsWithin(DescriptorLimit()), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryShare);

    /// <param name="descriptors">Null for no limit.</param>
    public static int ConnectionsWithin(int? descriptors) =>
        descriptors is { } limit ? (limit - ReservedDescriptors) / DescriptorsPerConnection : int.MaxValue;

    /// <summary>
    /// With too few the process would serve for a while and then be aborted by its runtime, in the middle of whatever it does.
    /// </summary>
    public static void Check(SettingsReader settings)
    {
        if (DescriptorLimit() < FewestDescriptors)
        {
            var fewest = $"let the process have {FewestDescriptors} open files at least, and two more for each further connection.";
            settings.Fault("ulimit -n", $"is too low: {fewest}");
        }
    }

    /// <summary>
    /// Null where there is no telling, which is so outside Linux. The runtime has raised the soft limit to the hard one before we look.
    /// </summary>
    private static int? DescriptorLimit()
    {
        const string Limits = "/proc/self/limits";
        if (!File.Exists(Limits)) return null;
        var line = File.ReadLines(Limits).FirstOrDefault(one => one.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3);
        return int.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
