using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// Answers 400 to a head with <c>Content-Length</c>, <c>Transfer-Encoding</c> and <c>X-Content-Length</c>. Kestrel uses the chunks and
/// renames <c>Content-Length</c> to <c>X-Content-Length</c> (RFC 9112, section 6.1). Where that name is taken, Kestrel throws: the client
/// gets no response, and the log a stack trace.
/// </summary>
/// <remarks>
/// Between the parser and the renaming runs only the encoding selector, which gets each field's name. So the names of a head are recorded
/// in the connection's execution context.
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

    /// <summary>Gives each connection of the listener a record, for as long as it is open.</summary>
    public static void Watch(ListenOptions listener) => listener.Use((ConnectionDelegate next) => connection =>
    {
        OfConnection.Value = new Head();
        return next(connection);
    });

    /// <summary>Records a field of the head that is being parsed.</summary>
    /// <exception cref="Microsoft.AspNetCore.Http.BadHttpRequestException">The field is the third of three that exclude each other. The
    /// server answers 400.</exception>
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

    /// <summary>Resets the record at the end of a head.</summary>
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
