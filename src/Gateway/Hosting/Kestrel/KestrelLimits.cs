using System.Text;
using FathomGateway.Limits;
using FathomGateway.Limits.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>Kestrel's limits. <see cref="ConnectionBudget"/> limits the process as a whole.</summary>
/// <remarks>
/// <see cref="HeadTimeout"/> ends a connection whose head comes slowly (slowloris). Other classes have the other time limits of clients.
/// <see cref="ConnectionSweep"/> closes a connection that sends no first request in time. <see cref="ConnectionEviction"/> finds requests
/// that move no data, where room is needed. <see cref="Proxy.Direct.LingeringClose"/> limits the rest of a body after the final response.
/// <c>Connect/RequestBodyLimit</c> limits bodies on the gateway's own routes. docs/transparency.md lists the limits of the public listener.
/// </remarks>
internal static class KestrelLimits
{
    private const int Kilobyte = 1024;

    /// <summary>Time limit for a head, as in nginx and Node. A body has no such limit.</summary>
    private static readonly TimeSpan HeadTimeout = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Longer than a load balancer keeps an idle connection (ten minutes at Google, at most an hour at AWS). The side that sends requests
    /// must close first. Otherwise a request can arrive while the gateway closes the connection, and is lost.
    /// </summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(65);

    /// <summary>Bytes of an unread body to buffer: one block. The server's default of a megabyte would add up over slow uploads.</summary>
    public const int ReadAhead = 64 * Kilobyte;

    /// <summary>
    /// Bytes that may wait for the socket when a flush returns: practically none (the transport uses half of it as the mark at which
    /// writers resume). Flushed data is then in the socket, and a slow client holds one buffer, not two.
    /// </summary>
    public const int WriteAhead = 2;

    /// <summary>Node's limit for request line and fields together.</summary>
    private const int MaxRequestLineBytes = 16 * Kilobyte;

    /// <summary>Field lines of a head. Node passes on the first thousand and drops the others.</summary>
    private const int MaxFields = 1000;

    /// <summary>A larger single field also ends the connection, because the decoder cannot continue.</summary>
    private const int MaxHttp2FieldBytes = (2 * RequestAdmission.MaxServerFieldBytes) - (8 * Kilobyte);

    /// <summary>
    /// Bytes of one upload that may wait for the backend. With a round trip of 50 ms this allows 10 MB a second per upload.
    /// </summary>
    private const int StreamWindow = 512 * Kilobyte;

    /// <summary>Number of stalled uploads that do not block others on the same connection.</summary>
    private const int StalledUploads = 16;

    /// <summary>
    /// Makes Kestrel require CRLF line ends in heads. RFC 9112, section 2.2, permits a bare LF, but proxies in front may not accept it, and
    /// two parsers would see different fields. Kestrel offers this only as a process-wide switch.
    /// </summary>
    private const string RefuseBareLineFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    public static void Set(KestrelServerOptions server)
    {
        AppContext.SetSwitch(RefuseBareLineFeeds, true);
        server.AddServerHeader = false;
        // The authority of an absolute target overrides Host (RFC 9112, section 3.2.2). The backend's name replaces both.
        server.AllowHostHeaderOverride = true;
        // Each byte maps to one character, so that field values pass unchanged in any encoding.
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
        // The backend limits bodies and their rate. The gateway's own routes have limits of their own.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.RequestHeadersTimeout = HeadTimeout;
        limits.KeepAliveTimeout = IdleTimeout;
        limits.MaxRequestLineSize = MaxRequestLineBytes;
        limits.MaxRequestHeadersTotalSize = RequestAdmission.MaxServerFieldBytes;
        limits.MaxRequestHeaderCount = MaxFields;
        limits.MaxRequestBufferSize = ReadAhead;
    }

    private static void Set(Http2Limits limits)
    {
        // The HPACK table stays at 4,096 bytes. A client may use that much before it has seen a smaller limit (RFC 7541, section 4.2), and
        // the server would end the connection of a browser that did. A request is charged with the decoded size of its head.
        limits.MaxRequestHeaderFieldSize = MaxHttp2FieldBytes;
        limits.InitialStreamWindowSize = StreamWindow;
        limits.InitialConnectionWindowSize = StreamWindow * StalledUploads;
    }
}
