using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

internal static class RequestBodyCases
{
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    private static readonly string EveryByte = string.Concat(Enumerable.Range(0, 256).Select(code => (char)code));

    private static readonly int[] Lengths = [0, 1, 2, 255, 256, 4095, 4096, 4097, 16_383, 16_384];

    public static IEnumerable<Case> All() =>
    [
        .. Lengths.SelectMany(length => new[]
        {
            Case.Http11($"{length} bytes", "POST", fields: $"Content-Length: {length}\r\n", body: new string('x', length)),
            Case.Http11(
                $"{length} bytes in a chunk",
                "POST",
                fields: Chunked,
                body: length == 0 ? "0\r\n\r\n" : Case.Chunks(new string('x', length))),
            Case.Http2($"{length} bytes", "POST", fields: $"content-length: {length}\r\n", body: new string('x', length)),
        }),
        Case.Http11("every byte", "PUT", fields: "Content-Length: 256\r\n", body: EveryByte),
        Case.Http11("every byte in a chunk", "PUT", fields: Chunked, body: Case.Chunks(EveryByte)),
        Case.Http2("every byte", "PUT", body: EveryByte),
        Case.Http11(
            "what looks like a request in the body",
            "POST",
            fields: "Content-Length: 25\r\n",
            body: "GET /smuggled HTTP/1.1\r\n\r\n"[..25]),
        Case.Http11("chunks of one byte", "POST", fields: Chunked, body: "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"),
        Case.Http11("chunk sizes with zeros", "POST", fields: Chunked, body: "0003\r\nabc\r\n000\r\n\r\n"),
        Case.Http11("chunk sizes in both cases", "POST", fields: Chunked, body: "a\r\n0123456789\r\nB\r\n01234567890\r\n0\r\n\r\n"),
        Case.Http11("a chunk extension", "POST", fields: Chunked, body: "3;name=value\r\nabc\r\n0\r\n\r\n"),
        Case.Http11("a quoted chunk extension", "POST", fields: Chunked, body: "3;name=\"va;lue\"\r\nabc\r\n0;last\r\n\r\n"),
        Case.Http11("trailers", "POST", fields: Chunked + "Trailer: X-Sum\r\n", body: "3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"),
        Case.Http11("Chunked in capitals", "POST", fields: "Transfer-Encoding: Chunked\r\n", body: Case.Chunks("abc")),
        Case.Http11("both lengths", "POST", fields: "Content-Length: 3\r\n" + Chunked, body: Case.Chunks("abc")),
        Case.Http11("both lengths the other way round", "POST", fields: Chunked + "Content-Length: 30\r\n", body: Case.Chunks("abc")),
        Case.Http11("an honest X-Content-Length", "POST", fields: "X-Content-Length: 3\r\nContent-Length: 3\r\n", body: "abc"),
        Case.Http11("GET with chunks", fields: Chunked, body: Case.Chunks("abc")),
        Case.Http11("GET with an empty body in chunks", fields: Chunked, body: "0\r\n\r\n"),
        Case.Http11("GET with a type and no body", fields: "Content-Type: application/json\r\n"),
        Case.Http11("JSON", "POST", fields: "Content-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n", body: "{}"),
        Case.Http11("a form", "POST", fields: "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n", body: "a=%zz+b"),
        Case.Http11(
            "multipart",
            "POST",
            fields: "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 10\r\n",
            body: "--x\r\n\r\n--x"[..10]),
        Case.Http11("gzip", "POST", fields: "Content-Encoding: gzip\r\nContent-Length: 2\r\n", body: "\u001f\u008b"),
        Case.Http11(
            "a part of an upload",
            "PATCH",
            fields: "Upload-Offset: 5\r\nContent-Type: application/offset+octet-stream\r\nContent-Range: bytes 5-7/10\r\n"
                + "Content-Length: 3\r\n",
            body: "abc"),
        new("a body of HTTP/1.0", "POST / HTTP/1.0\r\nHost: frontend.example.test\r\nContent-Length: 3\r\n\r\nabc"),
    ];
}
