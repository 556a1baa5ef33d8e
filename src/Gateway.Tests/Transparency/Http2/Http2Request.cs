namespace FathomGateway.Tests.Transparency.Http2;

/// <summary>A request of HTTP/2, each field exactly as given; the characters of all texts stand for the bytes of the same number.</summary>
internal sealed record Http2Request(string Method, string Path, IReadOnlyList<KeyValuePair<string, string>> Fields, string Body = "")
{
    public const string Authority = "frontend.example.test";

    /// <summary>Fields after the body.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Trailers { get; init; } = [];

    public IEnumerable<KeyValuePair<string, string>> AllFields =>
        [new(":method", Method), new(":scheme", "http"), new(":authority", Authority), new(":path", Path), .. Fields];
}
