using FathomGateway.Tests.Transparency.Http2;

namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>
/// One exchange to the byte: what the client sends, what the backend answers. Each character stands for the byte of the same number.
/// </summary>
/// <param name="Request">In HTTP/1.1, as it goes straight to the backend, and to the gateway unless <see cref="OverHttp2"/> says
/// otherwise.</param>
internal sealed record Case(string Name, string Request, string Answer = Case.PlainAnswer)
{
    /// <summary>Every answer has a date, so that a missing one is a case of its own.</summary>
    public const string Date = "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n";

    public const string PlainAnswer = $"HTTP/1.1 200 OK\r\n{Date}Content-Type: text/plain\r\nContent-Length: 7\r\n\r\nbackend";

    private const string Host = $"Host: {Http2Request.Authority}\r\n";

    /// <summary>The same request as the gateway gets it when the client speaks HTTP/2.</summary>
    public Http2Request? OverHttp2 { get; init; }

    /// <summary>Whether the backend ends the connection after its answer, and with it the answer's body.</summary>
    public bool BackendCloses { get; init; }

    /// <summary>Where the answer is cut: each part is a segment of its own. None for one segment.</summary>
    public IReadOnlyList<int> Cuts { get; init; } = [];

    /// <summary>The parts of the answer.</summary>
    public IEnumerable<string> Segments => Cuts.Append(Answer.Length).Zip(Cuts.Prepend(0), (end, start) => Answer[start..end]);

    public string Method => Request.Split(' ')[0];

    /// <summary>A request of HTTP/1.1; fields with their CRLF.</summary>
    public static Case Http11(string name, string method = "GET", string target = "/", string fields = "", string body = "") =>
        new(name, $"{method} {target} HTTP/1.1\r\n{Host}{fields}\r\n{body}");

    /// <summary>
    /// A request of HTTP/2, beside which stands what a client of HTTP/1.1 would have sent: a body without a length goes in chunks.
    /// </summary>
    public static Case Http2(string name, string method = "GET", string target = "/", string fields = "", string body = "")
    {
        var list = fields.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 2)).Select(parts => KeyValuePair.Create(parts[0], parts[1].TrimStart(' '))).ToArray();
        var chunked = body.Length > 0 && !fields.Contains("content-length", StringComparison.Ordinal);
        var http11 = chunked
            ? Http11(name, method, target, fields + "Transfer-Encoding: chunked\r\n", Chunks(body))
            : Http11(name, method, target, fields, body);
        return http11 with { Name = $"{name}, HTTP/2", OverHttp2 = new Http2Request(method, target, list, body) };
    }

    public static string Chunks(string body) => $"{body.Length:x}\r\n{body}\r\n0\r\n\r\n";
}
