using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

/// <summary>Every status of a final response.</summary>
internal static class StatusCases
{
    public static IEnumerable<Case> All() => Enumerable.Range(200, 400).SelectMany(status =>
    {
        var answer = $"HTTP/1.1 {status} Reason of {status}\r\n{Case.Date}X-Status: {status}\r\n{Body(status)}";
        return new[] { Case.Http11($"status {status}") with { Answer = answer }, Case.Http2($"status {status}") with { Answer = answer } };
    }).Concat(
    [
        Reason("no reason", "HTTP/1.1 200 "),
        Reason("no reason and no blank", "HTTP/1.1 200"),
        Reason("no reason and no meaning", "HTTP/1.1 299 "),
        Reason("a long reason", $"HTTP/1.1 200 {new string('r', 500)}"),
        Reason("a reason in Latin-1", "HTTP/1.1 200 caf\u00e9"),
        Reason("a reason with marks", "HTTP/1.1 404 <b>\"Nope\" & 'no'</b>"),
        Reason("status 600", "HTTP/1.1 600 Six"),
        Reason("status 999", "HTTP/1.1 999 Request denied"),
        Case.Http11("204 with a length") with { Answer = $"HTTP/1.1 204 No Content\r\n{Case.Date}Content-Length: 0\r\n\r\n" },
        Case.Http11("205 with a length") with { Answer = $"HTTP/1.1 205 Reset Content\r\n{Case.Date}Content-Length: 0\r\n\r\n" },
        Case.Http11("304 with a length") with { Answer =
            $"HTTP/1.1 304 Not Modified\r\n{Case.Date}ETag: \"x\"\r\nContent-Length: 1234\r\n\r\n" },
        Case.Http11("206") with { Answer =
            $"HTTP/1.1 206 Partial Content\r\n{Case.Date}Content-Range: bytes 0-2/10\r\nContent-Length: 3\r\n\r\nabc" },
        Case.Http11("103 before 200") with { Answer =
            "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + Case.PlainAnswer },
        Case.Http11("102 before 200") with { Answer = "HTTP/1.1 102 Processing\r\n\r\n" + Case.PlainAnswer },
    ]);

    private static Case Reason(string name, string startLine) =>
        Case.Http11(name) with { Answer = $"{startLine}\r\n{Case.Date}Content-Length: 2\r\n\r\nok" };

    private static string Body(int status) => status switch
    {
        204 or 304 => "\r\n",
        205 => "Content-Length: 0\r\n\r\n",
        _ => "Content-Type: text/plain\r\nContent-Length: 4\r\n\r\nbody",
    };
}
