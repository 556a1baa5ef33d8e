using System.Globalization;
using FathomGateway.Settings;
using Microsoft.AspNetCore.Connections;

namespace FathomGateway.Hosting;

/// <summary>
/// Refuses connections for which there would be no file descriptors: the runtime aborts the process when there are none left for itself.
/// Upgraded connections count as well. The internal listener is exempt: an operator is to be answered when it matters most.
/// </summary>
/// <param name="descriptors">How many files the process may have open; null to ask the system.</param>
internal sealed partial class ConnectionCap(TimeProvider time, ILogger<ConnectionCap> log, int? descriptors = null)
{
    /// <summary>Descriptors for everything else: 240 of the runtime's own libraries, the pools of the stores and of the provider, and room for what is being opened and closed.</summary>
    private const int Reserve = 400;

    /// <summary>One towards the client, one towards the backend.</summary>
    private const int DescriptorsPerConnection = 2;

    /// <summary>A gateway that could serve fewer is not started.</summary>
    private const int Fewest = 32;

    private const int FewestDescriptors = Reserve + (Fewest * DescriptorsPerConnection);

    private static readonly TimeSpan LogPause = TimeSpan.FromMinutes(1);

    private readonly int _most = (descriptors ?? DescriptorLimit()) is { } limit ? (limit - Reserve) / DescriptorsPerConnection : int.MaxValue;
    private int _open;
    private long _said;

    /// <summary>With too few the process would serve for a while and then be aborted by its runtime, in the middle of whatever it does.</summary>
    public static void Check(SettingsReader settings)
    {
        if (DescriptorLimit() < FewestDescriptors) settings.Fault("ulimit -n", $"is too low: let the process have {FewestDescriptors} open files at least, and two more for each further connection.");
    }

    /// <returns>The connection, counted until its socket is closed; null where there is no room for it: it is to be closed before the next is accepted.</returns>
    public ConnectionContext? Admit(ConnectionContext connection, bool exempt)
    {
        if (Interlocked.Increment(ref _open) <= _most || exempt) return new CountedConnection(connection, GiveBack);
        GiveBack();
        Say();
        return null;
    }

    private void GiveBack() => Interlocked.Decrement(ref _open);

    private void Say()
    {
        var said = Volatile.Read(ref _said);
        if (said != 0 && time.GetElapsedTime(said) < LogPause) return;
        if (Interlocked.CompareExchange(ref _said, time.GetTimestamp(), said) == said) Refused(log, _most);
    }

    /// <summary>Null where there is no telling, which is so outside Linux. The runtime has raised the soft limit to the hard one before we look.</summary>
    private static int? DescriptorLimit()
    {
        const string Limits = "/proc/self/limits";
        if (!File.Exists(Limits)) return null;
        var line = File.ReadLines(Limits).FirstOrDefault(one => one.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3);
        return int.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "More than {Most} connections, which is all that the limit on open files allows: further ones are refused. Raise it (ulimit -n) or run more replicas.")]
    private static partial void Refused(ILogger log, int most);
}
