namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>What one exchange looked like from both ends: to the backend, and to the client.</summary>
internal sealed class Seen
{
    /// <summary>What the backend got; null where nothing reached it.</summary>
    public SeenMessage? Request { get; set; }

    /// <summary>How many requests the backend got.</summary>
    public required int Requests { get; set; }

    public required SeenMessage Response { get; set; }

    /// <summary>Start lines of the answers before the final one (1xx).</summary>
    public List<string> Interim { get; init; } = [];

    public IEnumerable<string> Lines() =>
    [
        $"requests at the backend: {Requests}",
        .. Request?.Lines("request") ?? [],
        .. Interim.Select(line => $"interim {line}"),
        .. Response.Lines("response"),
    ];

    /// <summary>Takes over everything that the other saw.</summary>
    public bool Become(Seen other)
    {
        (Request, Requests, Response) = (other.Request, other.Requests, other.Response);
        Interim.Clear();
        Interim.AddRange(other.Interim);
        return true;
    }
}
