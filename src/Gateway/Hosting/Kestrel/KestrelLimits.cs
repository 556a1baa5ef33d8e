using System.Text;
using FathomGateway.Limits;
using FathomGateway.Limits.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>The server's own limits. What the process as a whole may hold is the affair of <see cref="ConnectionBudget"/>.</summary>
internal static class KestrelLimits
{
    private const int Kilobyte = 1024;

    /// <summary>A head must be there within this time, as with nginx and Node; a body has no such limit.</summary>
    private static readonly TimeSpan HeadTimeout = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Longer than a load balancer keeps an idle connection (ten minutes at Google, an hour at most at AWS): whoever closes first must be
    /// the one who sends, or a request meets the closing.
    /// </summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(65);

    /// <summary>
    /// What is read ahead of a body that nobody takes: as much as one buffer. The server's own megabyte would be paid for each slow upload.
    /// </summary>
    public const int ReadAhead = 64 * Kilobyte;

    /// <summary>
    /// Bytes that may wait for the socket when a flush returns: none, in so many words (the transport takes half of it for the mark at which
    /// writers go on). What was flushed is in the socket then, and a slow client holds one buffer and not two.
    /// </summary>
    public const int WriteAhead = 2;

    /// <summary>Over HTTP/2 a head of up to twice this is a 431 of its stream, and a larger one ends the connection.</summary>
    private const int MostFieldBytes = 2 * RequestAdmission.MostFieldBytes;

    /// <summary>A single field that is larger ends the connection, too: the decoder cannot go on behind it.</summary>
    private const int MostFieldBytesOfHttp2 = (2 * MostFieldBytes) - (8 * Kilobyte);

    /// <summary>Bytes of one upload that wait for the backend. With a round trip of 50 ms, that is 10 MB a second for one upload.</summary>
    private const int StreamWindow = 512 * Kilobyte;

    /// <summary>Uploads that may wait at once without keeping others of their connection from sending.</summary>
    private const int StalledUploads = 16;

    /// <summary>
    /// A line of a head ends with CRLF. Kestrel would take LF alone, which RFC 9112, section 2.2, permits and proxies in front of it do not
    /// do: two readers of one message would see different fields. Kestrel has no option for it but this switch of the process.
    /// </summary>
    private const string RefuseBareLineFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    public static void Set(KestrelServerOptions server)
    {
        AppContext.SetSwitch(RefuseBareLineFeeds, true);
        server.AddServerHeader = false;
        // Of an absolute target the authority counts, whatever Host says (RFC 9112, section 3.2.2); either is replaced by the backend's
        // name.
        server.AllowHostHeaderOverride = true;
        // One byte is one character both ways, so that field values pass as they are, whatever their encoding.
        server.RequestHeaderEncodingSelector = name =>
        {
            ConflictingContentLength.Note(name);
            return Encoding.Latin1;
        };
        server.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        Set(server.Limits);
        Set(server.Limits.Http2);
    }

    private static void Set(KestrelServerLimits limits)
    {
        // Bodies and their pace are the backend's business; the gateway's own routes read none.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.RequestHeadersTimeout = HeadTimeout;
        limits.KeepAliveTimeout = IdleTimeout;
        // As much as Node takes of request line and fields in all.
        limits.MaxRequestLineSize = 16 * Kilobyte;
        limits.MaxRequestHeadersTotalSize = MostFieldBytes;
        // Node has no limit on their number.
        limits.MaxRequestHeaderCount = 1000;
        limits.MaxRequestBufferSize = ReadAhead;
    }

    private static void Set(Http2Limits limits)
    {
        // The table of fields stays at 4,096 bytes: a client may use as many before it has seen that it is to use fewer (RFC 7541, section
        // 4.2), and the server would end the connection of a browser that did. What a head of a few bytes becomes here is what its request
        // is charged with.
        limits.MaxRequestHeaderFieldSize = MostFieldBytesOfHttp2;
        limits.InitialStreamWindowSize = StreamWindow;
        limits.InitialConnectionWindowSize = StreamWindow * StalledUploads;
    }
}
