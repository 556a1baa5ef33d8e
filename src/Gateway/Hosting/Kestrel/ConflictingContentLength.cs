using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// Answers 400 to a head that has <c>Content-Length</c>, <c>Transfer-Encoding</c> and <c>X-Content-Length</c>. Kestrel goes by the chunks
/// and renames <c>Content-Length</c> to <c>X-Content-Length</c> (RFC 9112, section 6.1). Where that name is taken, it throws: no answer,
/// and a stack trace in the log.
/// </summary>
/// <remarks>
/// Nothing runs between the parser and that rename but the selector of encodings, which is asked for each field and is told its name
/// alone. So the names that a head has had are kept in the connection's execution context.
/// </remarks>
internal static class ConflictingContentLength
{
    private const string RenamedLength = "X-Content-Length";

    private static readonly AsyncLocal<Head?> OfConnection = new();

    [Flags]
    private enum Seen
    {
        None = 0,
        Length = 1,
        Coding = 2,
        Renamed = 4,
        All = Length | Coding | Renamed,
    }

    /// <summary>Begins with each connection of a listener.</summary>
    public static void Watch(ListenOptions listener) => listener.Use((ConnectionDelegate next) => connection =>
    {
        OfConnection.Value = new Head();
        return next(connection);
    });

    /// <summary>Notes a field of the head that is being parsed.</summary>
    /// <exception cref="Microsoft.AspNetCore.Http.BadHttpRequestException">It is the third of three that exclude each other; the server
    /// answers 400.</exception>
    public static void Note(string field)
    {
        var one = field.Length switch
        {
            14 when field.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) => Seen.Length,
            16 when field.Equals(RenamedLength, StringComparison.OrdinalIgnoreCase) => Seen.Renamed,
            17 when field.Equals(HeaderNames.TransferEncoding, StringComparison.OrdinalIgnoreCase) => Seen.Coding,
            _ => Seen.None,
        };
        if (one == Seen.None || OfConnection.Value is not { } head) return;
        head.Seen |= one;
        if (head.Seen == Seen.All) throw new Microsoft.AspNetCore.Http.BadHttpRequestException("The message has more than one length.");
    }

    /// <summary>The head is complete; the next fields are those of another one.</summary>
    public static Task EndOfHead(HttpContext context, RequestDelegate next)
    {
        if (OfConnection.Value is { } head) head.Seen = Seen.None;
        return next(context);
    }

    private sealed class Head
    {
        public Seen Seen { get; set; }
    }
}
