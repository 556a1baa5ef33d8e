namespace FathomGateway.Tests.Fuzz;

/// <summary>
/// A second reader of all that a server answers to one request: interim responses, the final head, its body (RFC 9112, section 6.3).
/// </summary>
/// <param name="Head">The final head, or the one that is wrong or incomplete.</param>
/// <param name="Body">Verdict of the body; <see cref="Verdict.Incomplete"/> also where the server's closing ends it.</param>
/// <param name="Content">What was read of the body's content.</param>
/// <param name="EndsByClosing">Whether the body ends with the connection.</param>
internal sealed record ReferenceResponse(
    ReferenceHead Head, Verdict Body, string Content = "", bool EndsByClosing = false, int Length = -1, string Trailers = "")
{
    private const int MaxInterimResponses = 100;

    /// <returns>Null where a limit is met to the byte.</returns>
    public static ReferenceResponse? Read(string text, string method)
    {
        var start = 0;
        for (var interim = 0; ; interim++)
        {
            var head = ReferenceHead.Read(text[start..]);
            if (head.Verdict != Verdict.Complete) return new(head, head.Verdict);
            // No upgrade was requested.
            if (head.Status == 101 || interim > MaxInterimResponses) return new(head with { Verdict = Verdict.Invalid }, Verdict.Invalid);
            start += head.Length;
            if (head.Status >= 200) return ReadBody(head, text, start, method);
        }
    }

    private static ReferenceResponse? ReadBody(ReferenceHead head, string text, int start, string method)
    {
        var rest = text[start..];
        if (method == "HEAD" || head.Status is 204 or 205 or 304) return new(head, Verdict.Complete, "", false, start);
        if (head.IsChunked)
        {
            return ReferenceChunks.Read(rest) is { } chunks
                ? new(head, chunks.Verdict, chunks.Content, false, chunks.Length < 0 ? -1 : start + chunks.Length, chunks.Trailers)
                : null;
        }

        if (head.BodyLength is not { } length) return new(head, Verdict.Incomplete, rest, EndsByClosing: true);
        return length <= rest.Length
            ? new(head, Verdict.Complete, rest[..(int)length], false, start + (int)length)
            : new(head, Verdict.Incomplete, rest);
    }
}
