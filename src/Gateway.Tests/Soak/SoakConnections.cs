using System.Globalization;

namespace FathomGateway.Tests.Soak;

/// <summary>Counts the TCP connections of a process, by what Linux says in /proc.</summary>
internal static class SoakConnections
{
    private const string Listening = "0A";

    private static readonly string[] Tables = ["tcp", "tcp6"];

    /// <param name="ownPorts">Ports of this end, or none for all.</param>
    /// <param name="otherPort">Port of the other end, or null for all.</param>
    public static int Count(int processId, int[]? ownPorts = null, int? otherPort = null)
    {
        var sockets = Sockets(processId);
        return Tables.SelectMany(name => File.ReadLines($"/proc/{processId}/net/{name}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(columns => columns[3] != Listening && sockets.Contains(columns[9])
                && (ownPorts is null || ownPorts.Contains(Port(columns[1]))) && (otherPort is null || otherPort == Port(columns[2])));
    }

    private static int Port(string address) => int.Parse(address.Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Numbers of the sockets that the process holds open. A descriptor may be gone before it is looked at.</summary>
    private static HashSet<string> Sockets(int processId) =>
        [.. Directory.GetFileSystemEntries($"/proc/{processId}/fd").Select(path => new FileInfo(path).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).Select(target => target[8..^1])];
}
