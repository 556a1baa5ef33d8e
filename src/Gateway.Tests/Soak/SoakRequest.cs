using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>
/// A proxied request with an id of its own. All that is asked of the backend stands in the target, so that both ends know to the byte what
/// is sent each way: every piece of a body carries the id, and whose bytes they are is seen wherever they come up.
/// </summary>
/// <param name="Kind">The backend's script.</param>
/// <param name="Sent">Length of the request's body.</param>
/// <param name="Length">Length of the response's body.</param>
/// <param name="Variant">A word for the script.</param>
internal sealed partial record SoakRequest(string Kind, string Id, int Sent, int Length, string Variant)
{
    /// <summary>The trailer of every body in chunks whose sender can send one.</summary>
    public const string Trailer = "X-Sum";

    private const int BytesOfAnId = 8;

    /// <summary>Fields of the backend's scripts and of the server besides <c>X-Id</c>.</summary>
    private static readonly string[] Known = ["Connection", "Date", "Content-Length", "Transfer-Encoding", "Trailer", "Content-Language"];

    public string Target => string.Create(CultureInfo.InvariantCulture, $"/{Kind}/{Id}/{Sent}/{Length}/{Variant}");

    public byte[] RequestBody => Bytes($"up-{Id}", Sent);

    public byte[] ResponseBody => Bytes($"down-{Id}", Length);

    /// <summary>End of a body in chunks, as it stands on the wire.</summary>
    public string LastChunk => $"0\r\n{Trailer}: {Id}\r\n\r\n";

    public static SoakRequest Create(string kind, int sent, int length, string variant) =>
        new(kind, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(BytesOfAnId)), sent, length, variant);

    public static SoakRequest Parse(string target)
    {
        var parts = target.Split('/');
        return new SoakRequest(parts[1], parts[2], Number(parts[3]), Number(parts[4]), parts[5]);

        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>What is wrong with a response of the backend; null where it is the one to this request.</summary>
    /// <exception cref="IOException">The gateway has answered in the backend's place.</exception>
    public string? FaultOf(WireMessage response, int status = 200, bool hasBody = true)
    {
        if (response.Header("X-Gateway-Error") is { } error) throw new IOException($"{response.Status} {error}");
        var named = response.Head.Fields.Select(field => field.Key).Except(Known);
        var fault = FaultOf(response.Status, status, response.Head.All("X-Id"), hasBody ? ResponseBody : [], response.Body);
        if (fault is not null) return fault;
        if (!named.SequenceEqual(["X-Id"])) return $"other fields: {string.Join(' ', named)}";
        if (!hasBody || response.Head.Value("Trailer") is null) return null;
        return response.RawBodyText.EndsWith(LastChunk, StringComparison.Ordinal) ? null : "no trailer";
    }

    public string? FaultOf(int status, int expected, IEnumerable<string> ids, byte[] expectedBody, byte[] body)
    {
        if (status != expected) return $"status {status}";
        if (!ids.SequenceEqual([Id])) return $"the head of {string.Join(", ", ids)}";
        if (body.AsSpan().SequenceEqual(expectedBody)) return null;
        return FaultOfPart(Encoding.Latin1.GetString(body)) ?? $"another body of {body.Length} in place of {expectedBody.Length}";
    }

    /// <summary>Whose bytes stand in a part of a response that are not this request's; null where there are none.</summary>
    public string? FaultOfPart(string text) =>
        Marks().Matches(text).FirstOrDefault(mark => mark.Groups[1].Value != Id) is { } mark ? $"bytes of another request: {mark}" : null;

    private static byte[] Bytes(string mark, int length)
    {
        var text = new StringBuilder(length + 64);
        while (text.Length < length) text.Append(mark).Append(CultureInfo.InvariantCulture, $" {text.Length:x6}\n");
        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    [GeneratedRegex("(?:up|down)-([0-9a-f]{16})")]
    private static partial Regex Marks();
}
