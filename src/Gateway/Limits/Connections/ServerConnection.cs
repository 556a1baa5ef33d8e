using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FathomGateway.Limits.Connections;

/// <summary>
/// Reads how much memory the server holds for the head, or the trailer section, that a connection has not finished. The server does not
/// report it. Its object for a connection is the state of the heartbeat that it registers before it reads. Where this runtime has other
/// members, nothing is known.
/// </summary>
/// <remarks>Another thread reads than the one that parses, so a value may be a moment old.</remarks>
internal sealed class ServerConnection(IConnectionHeartbeatFeature heartbeat) : IConnectionHeartbeatFeature
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel.Core";
    private const string HttpConnectionName = Kestrel + ".Internal.HttpConnection";
    private const string Http2ConnectionName = Kestrel + ".Internal.Http2.Http2Connection";
    private const string DecoderName = "System.Net.Http.HPack.HPackDecoder";

    /// <summary>Initial bytes of the decoder's buffers, which <see cref="MemoryCost.FirstRequest"/> covers.</summary>
    private const int SmallBuffers = 3 * 4 * 1024;

    private static readonly FieldInfo? Processor = Field(HttpConnectionName, "_requestProcessor");
    private static readonly FieldInfo? Decoder = Field(Http2ConnectionName, "_hpackDecoder");
    private static readonly FieldInfo? ParsedBytes = Field(Http2ConnectionName, "_totalParsedHeaderSize");

    /// <summary>They keep the size of the largest field, or of its declared length, as long as the connection is open.</summary>
    private static readonly FieldInfo?[] Buffers =
        [Field(DecoderName, "_stringOctets"), Field(DecoderName, "_headerNameOctets"), Field(DecoderName, "_headerValueOctets")];

    private object? _http;

    /// <summary>Gives each connection of the public listener its own, for as long as it is open.</summary>
    public static void Watch(ListenOptions listener) => listener.Use((ConnectionDelegate next) => connection =>
    {
        if (connection.Features.Get<ClientConnection>() is { } client
            && connection.Features.Get<IConnectionHeartbeatFeature>() is { } heartbeat)
        {
            client.Server = new ServerConnection(heartbeat);
            connection.Features.Set<IConnectionHeartbeatFeature>(client.Server);
        }

        return next(connection);
    });

    public void OnHeartbeat(Action<object> action, object state)
    {
        if (Processor?.DeclaringType?.IsInstanceOfType(state) == true) Volatile.Write(ref _http, state);
        heartbeat.OnHeartbeat(action, state);
    }

    /// <param name="admitted">Bytes of the fields of a request in progress over HTTP/1.1. The server counts its trailers together with
    /// them.</param>
    /// <returns>Bytes of memory.</returns>
    public long UnfinishedHead(long admitted) => (Volatile.Read(ref _http) is { } http ? Processor!.GetValue(http) : null) switch
    {
        null => 0,
        IFeatureCollection http1 => OverHttp1(http1, admitted),
        var http2 when Decoder?.DeclaringType?.IsInstanceOfType(http2) == true => OverHttp2(http2),
        _ => 0,
    };

    private static long OverHttp1(IFeatureCollection http1, long admitted)
    {
        if (RequestHeadSize.Counted(http1) is not { } bytes) return 0;
        var fields = admitted == 0 ? http1.Get<IHttpRequestFeature>()?.Headers.Count ?? 0 : 0;
        return ((bytes - admitted) * MemoryCost.HeadByte) + (fields * MemoryCost.Field);
    }

    private static long OverHttp2(object http2)
    {
        var decoder = Decoder!.GetValue(http2);
        var buffers = Buffers.Sum(buffer => (buffer?.GetValue(decoder) as byte[])?.Length ?? 0);
        return Math.Max(0, buffers - SmallBuffers) + ((ParsedBytes?.GetValue(http2) as int? ?? 0) * MemoryCost.HeadByte);
    }

    [DynamicDependency("_requestProcessor", HttpConnectionName, Kestrel)]
    [DynamicDependency("_hpackDecoder", Http2ConnectionName, Kestrel)]
    [DynamicDependency("_totalParsedHeaderSize", Http2ConnectionName, Kestrel)]
    [DynamicDependency("_stringOctets", DecoderName, Kestrel)]
    [DynamicDependency("_headerNameOctets", DecoderName, Kestrel)]
    [DynamicDependency("_headerValueOctets", DecoderName, Kestrel)]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The attributes above keep the fields.")]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The attributes above keep the types.")]
    private static FieldInfo? Field(string type, string name) =>
        typeof(KestrelServer).Assembly.GetType(type)?.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic);
}
