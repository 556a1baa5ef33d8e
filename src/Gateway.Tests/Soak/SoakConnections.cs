using System.Globalization;

namespace FathomGateway.Tests.Soak;

/// <summary>The TCP connections of a process, by what Linux says in /proc.</summary>
internal static class SoakConnections
{
    private static readonly string[] Tables = ["tcp", "tcp6"];

    /// <summary>In the order of the kernel's numbers, which begin at 1.</summary>
    private static readonly string[] States =
    [
        "established", "SYN sent", "SYN received", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "closed", "CLOSE_WAIT", "LAST_ACK", "listening",
        "closing",
    ];

    /// <summary>The process holds the socket of each of them.</summary>
    /// <param name="ownPort">Port of this end, or null for all.</param>
    /// <param name="otherPort">Port of the other end, or null for all.</param>
    public static IReadOnlyList<SoakConnection> Of(int processId, int? ownPort = null, int? otherPort = null)
    {
        var sockets = Sockets(processId);
        return
        [
            .. Tables.SelectMany(name => File.ReadLines($"/proc/{processId}/net/{name}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(columns => sockets.Contains(columns[9]))
                .Select(columns => new SoakConnection(Port(columns[1]), Port(columns[2]), State(columns[3]), columns[4]))
                .Where(one => one.State != "listening"
                    && (ownPort is null || ownPort == one.OwnPort) && (otherPort is null || otherPort == one.OtherPort))
        ];
    }

    private static string State(string number) =>
        States[int.Parse(number, NumberStyles.HexNumber, CultureInfo.InvariantCulture) - 1];

    private static int Port(string address) => int.Parse(address.Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Numbers of the sockets that the process holds open. A descriptor may be gone before it is looked at.</summary>
    private static HashSet<string> Sockets(int processId) =>
        [.. Directory.GetFileSystemEntries($"/proc/{processId}/fd").Select(path => new FileInfo(path).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).Select(target => target[8..^1])];
}

/// <summary>One connection, as one of its ends sees it.</summary>
/// <param name="Queues">Bytes that wait to be sent, and to be read, in hexadecimal digits.</param>
internal sealed record SoakConnection(int OwnPort, int OtherPort, string State, string Queues);
