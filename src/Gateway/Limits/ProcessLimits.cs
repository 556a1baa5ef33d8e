using System.Globalization;
using FathomGateway.Settings;

namespace FathomGateway.Limits;

/// <summary>Limits of the public listener's connections as a whole.</summary>
/// <param name="Connections">Open connections. Above the limit on file descriptors the runtime aborts the process.</param>
/// <param name="Memory">Bytes that may be charged. Above the available memory the runtime aborts the process.</param>
internal sealed record ProcessLimits(int Connections, long Memory)
{
    /// <summary>
    /// Descriptors for everything else: 240 of the runtime's libraries, the pools of stores, provider and receiver of events, and
    /// connections that open or close.
    /// </summary>
    private const int ReservedDescriptors = 400;

    /// <summary>One for the client and one for the backend.</summary>
    private const int DescriptorsPerConnection = 2;

    /// <summary>The gateway does not start with a lower limit.</summary>
    private const int MinConnections = 32;

    private const int MinDescriptors = ReservedDescriptors + (MinConnections * DescriptorsPerConnection);

    /// <summary>
    /// The share of the memory that connections may be charged with. The other half is for the gateway's own 60 MB, garbage, buffers
    /// towards the backend, and the difference between charged and real memory: see docs/decisions.md for the measurements.
    /// </summary>
    private const int MemoryShare = 2;

    /// <summary>
    /// The limits of this process, from its limit on open files and from the memory of the container or <c>DOTNET_GCHeapHardLimit</c>.
    /// </summary>
    public static ProcessLimits Read() =>
        new(ConnectionsWithin(DescriptorLimit()), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryShare);

    /// <param name="descriptors">Null for no limit.</param>
    public static int ConnectionsWithin(int? descriptors) =>
        descriptors is { } limit ? (limit - ReservedDescriptors) / DescriptorsPerConnection : int.MaxValue;

    /// <summary>With too few descriptors the process would serve for a while and then be aborted by its runtime.</summary>
    public static void Check(SettingsReader settings)
    {
        if (DescriptorLimit() < MinDescriptors)
        {
            var fewest = $"let the process have {MinDescriptors} open files at least, and two more for each further connection.";
            settings.Fault("ulimit -n", $"is too low: {fewest}");
        }
    }

    /// <summary>Null where the limit is unknown, as outside Linux. The runtime has already raised the soft limit to the hard one.</summary>
    private static int? DescriptorLimit()
    {
        const string Limits = "/proc/self/limits";
        if (!File.Exists(Limits)) return null;
        var line = File.ReadLines(Limits).FirstOrDefault(one => one.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3);
        return int.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
