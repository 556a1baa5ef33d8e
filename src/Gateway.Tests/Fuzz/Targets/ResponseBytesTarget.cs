using System.Text;
using FathomGateway.Backend.Http1;

namespace FathomGateway.Tests.Fuzz;

/// <summary>
/// Bytes of a response, read by the gateway's reader in pieces: the same as by a plain reader over the whole, wherever they are split, and
/// the same strings, whatever the response before it was.
/// </summary>
internal sealed class ResponseBytesTarget : ITarget
{
    private const int SplitsPerInput = 4, MaxPieces = 8, RoundsOfAConnection = 20;

    /// <summary>Remembers the lines of the last head, as that of a connection does.</summary>
    private ResponseHeadParser _reader = new();

    public IReadOnlyList<byte[]> Good => ResponseInputs.Good;

    public static Task<ITarget> StartAsync() => Task.FromResult<ITarget>(new ResponseBytesTarget());

    public Task<string?> ObjectionAsync(byte[] input) => Task.FromResult(Objection(input));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string? Objection(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        var expectedHead = ReferenceHead.Read(text);
        var start = expectedHead.Verdict == Verdict.Complete ? expectedHead.Length : 0;
        var chunks = ReferenceChunks.Read(text[start..]);
        var random = ResponseInputs.RandomFor(input);
        for (var i = 0; i < SplitsPerInput; i++)
        {
            var pieces = i == 0 ? 1 : random.Next(1, MaxPieces);
            var splits = ResponseInputs.Splits(input.Length, pieces, random);
            if (HeadObjection(_reader, input, splits, expectedHead) is { } inHead) return inHead;
            // A connection whose head is wrong or has no end is closed, and its reader gone. And at times it is a new connection's first.
            if (expectedHead.Verdict != Verdict.Complete || random.Next(RoundsOfAConnection) == 0) _reader = new ResponseHeadParser();
            if (chunks is null) continue;
            var body = input[start..];
            int[] most = [int.MaxValue, 1, 7, random.Next(1, 5000)];
            if (BodyObjection(body, ResponseInputs.Splits(body.Length, pieces, random), most[i], chunks) is { } inBody) return inBody;
        }

        return null;
    }

    private static string? HeadObjection(ResponseHeadParser reader, byte[] input, int[] splits, ReferenceHead expected)
    {
        var (head, status, consumed) = (new ResponseHead(), ParseStatus.Incomplete, 0);
        foreach (var end in splits)
        {
            // A copy of the exact size, to detect reads beyond it.
            status = reader.Read(input.AsSpan(0, end).ToArray(), head, out consumed);
            if (status != ParseStatus.Incomplete) break;
        }

        if ($"{status}" != $"{expected.Verdict}") return $"head: {status} in place of {expected.Verdict}";
        if (status != ParseStatus.Complete) return null;
        if (consumed != expected.Length) return $"head: {consumed} bytes in place of {expected.Length}";
        var isSameLine = (head.Status, head.Reason, head.IsHttp10) == (expected.Status, expected.Reason, expected.IsHttp10);
        if (!isSameLine) return $"status line: {head.Status} {head.Reason}";
        var isSame = head.Fields.Select(one => (one.Name, one.Value)).SequenceEqual(expected.Fields!);
        if (!isSame) return $"fields: {string.Join('|', head.Fields)}";
        var isFramedSo = (head.ContentLength, head.IsChunked) == (expected.BodyLength ?? -1, expected.IsChunked);
        if (!isFramedSo) return $"framing: {head.ContentLength}, {head.IsChunked}";
        var saysSo = (head.SaysClose, head.SaysKeepAlive) == (expected.Says("close"), expected.Says("keep-alive"));
        return saysSo ? null : "options of the connection";
    }

    private static string? BodyObjection(byte[] body, int[] splits, int most, ReferenceChunks expected)
    {
        var (content, trailers, status) = (new List<byte>(), new List<byte>(), ParseStatus.Incomplete);
        var reader = new ChunkedBodyParser { Trailers = trailers };
        var at = 0;
        foreach (var end in splits)
        {
            while (at < end && status == ParseStatus.Incomplete)
            {
                status = reader.Read(body.AsSpan(at, end - at).ToArray(), most, out var consumed, out var piece);
                var isBounded = consumed >= 0 && consumed <= end - at && piece.Length <= Math.Min(most, consumed);
                if (!isBounded) return $"chunks: {consumed} consumed, {piece.Length} of content";
                if (consumed == 0 && status == ParseStatus.Incomplete) return "chunks: nothing is consumed";
                content.AddRange(piece);
                at += consumed;
            }
        }

        if ($"{status}" != $"{expected.Verdict}") return $"chunks: {status} in place of {expected.Verdict}";
        if (Encoding.Latin1.GetString([.. content]) != expected.Content) return "chunks: another content";
        if (status != ParseStatus.Complete) return null;
        if (at != expected.Length) return $"chunks: {at} bytes in place of {expected.Length}";
        return Encoding.Latin1.GetString([.. trailers]) == expected.Trailers ? null : "chunks: other trailers";
    }
}
