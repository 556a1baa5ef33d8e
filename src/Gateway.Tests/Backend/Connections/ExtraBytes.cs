namespace FathomGateway.Tests.Backend;

/// <summary>What a backend can leave behind on a connection whose answer is over.</summary>
internal static class ExtraBytes
{
    /// <summary>In all extra bytes that are text, so that a test can detect who received it.</summary>
    public const string Mark = "somebody-elses";

    /// <summary>Answers that end with their head or where their framing says; the target is <c>/first</c>.</summary>
    public static readonly IReadOnlyDictionary<string, (string Method, string Answer)> Answers = new Dictionary<string, (string, string)>
    {
        ["HEAD with a length"] = ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"),
        ["HEAD with chunks"] = ("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ["HEAD with neither"] = ("HEAD", "HTTP/1.1 404 Not Found\r\n\r\n"),
        ["204"] = ("GET", "HTTP/1.1 204 No Content\r\n\r\n"),
        ["204 with a length"] = ("POST", "HTTP/1.1 204 No Content\r\nContent-Length: 12\r\n\r\n"),
        ["204 with chunks"] = ("DELETE", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ["204 behind an interim answer"] = ("GET", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"),
        ["304"] = ("GET", "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n"),
        ["304 with a length"] = ("GET", "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 12\r\n\r\n"),
        ["304 with chunks"] = ("GET", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ["205"] = ("GET", "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"),
        ["no body"] = ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        ["a body"] = ("POST", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"),
        ["chunks"] = ("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"),
        ["chunks with trailers"] = ("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n"),
        ["a refusal"] = ("POST", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"),
    };

    /// <summary>Answers after which only a body would come that should not: a client that knows HTTP can expect it.</summary>
    public static bool EndsWithItsHead(string answer) => answer[..3] is "HEA" or "204" or "304";

    public static readonly IReadOnlyDictionary<string, string> Bytes = new Dictionary<string, string>
    {
        ["a whole answer"] = $"HTTP/1.1 200 OK\r\nContent-Length: {Mark.Length}\r\n\r\n{Mark}",
        ["a body"] = $"{Mark[..12]}",
        ["a body in chunks"] = $"c\r\n{Mark[..12]}\r\n0\r\n\r\n",
        ["an interim answer"] = $"HTTP/1.1 103 Early Hints\r\nLink: <{Mark}>\r\n\r\n",
        ["line ends"] = "\r\n\r\n",
        ["one byte"] = "x",
    };
}
