using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

/// <summary>Answers as old servers give them: of HTTP/1.0, with and without a connection that is kept; and of no length.</summary>
internal static class OldResponseCases
{
    private static readonly string[] Connections =
        ["", "Connection: keep-alive\r\n", "Connection: Keep-Alive\r\nKeep-Alive: timeout=5, max=100\r\n", "Connection: close\r\n"];

    private static readonly int[] Statuses = [200, 203, 302, 404, 500];

    private static readonly int[] Lengths = [0, 1, 4096, 70_000];

    public static IEnumerable<Case> All() => Statuses.SelectMany(status => Connections.SelectMany(connection => Lengths.SelectMany(length =>
    {
        var name = $"{status}, {length} bytes, {connection.TrimEnd()}";
        var body = new string('x', length);
        var head = $"{status} Old\r\n{Case.Date}{connection}";
        var framed = $"{head}Content-Length: {length}\r\n\r\n";
        return new[]
        {
            Case.Http11($"HTTP/1.0 {name}") with { Answer = $"HTTP/1.0 {framed}{body}" },
            Case.Http11($"HTTP/1.0 {name} and the end") with { Answer = $"HTTP/1.0 {framed}{body}", BackendCloses = true },
            Case.Http11($"HTTP/1.0 {name} to the end") with { Answer = $"HTTP/1.0 {head}\r\n{body}", BackendCloses = true },
            Case.Http11($"HTTP/1.1 {name} to the end") with { Answer = $"HTTP/1.1 {head}\r\n{body}", BackendCloses = true },
            Case.Http2($"HTTP/1.1 {name} to the end") with { Answer = $"HTTP/1.1 {head}\r\n{body}", BackendCloses = true },
            Case.Http11($"HTTP/1.0 {name} to HEAD", "HEAD") with { Answer = $"HTTP/1.0 {framed}", BackendCloses = true },
        };
    })));
}
