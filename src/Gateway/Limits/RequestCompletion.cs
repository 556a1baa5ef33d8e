using FathomGateway.Limits.Connections;

namespace FathomGateway.Limits;

/// <summary>Work at the end of a request. An HTTP/1.1 connection has one request at a time and reuses one object.</summary>
internal sealed class RequestCompletion(ClientConnection connection)
{
    /// <summary>Bytes of fields above which they are released.</summary>
    private const long LargeHead = 4 * 1024;

    private static readonly Func<object, Task> Run = static state =>
    {
        ((RequestCompletion)state).End();
        return Task.CompletedTask;
    };

    private IHeaderDictionary? _largeHead;
    private long _memory;

    public static void Register(HttpContext context, ClientConnection connection, long memory, long fields, bool isHttp2)
    {
        var end = isHttp2 ? new RequestCompletion(connection) : connection.RequestCompletion;
        (end._memory, end._largeHead) = (memory, fields > LargeHead ? context.Request.Headers : null);
        context.Response.OnCompleted(Run, end);
    }

    /// <summary>Releases a head although the server keeps its request, as it does over HTTP/2 until the client ends the stream.</summary>
    public static void Forget(IHeaderDictionary head)
    {
        foreach (var name in head.Keys.ToArray()) head.Remove(name);
    }

    /// <summary>
    /// The server keeps the values of known fields until the next request, to reuse their strings. Thousands of idle connections would each
    /// keep a head. For small heads the reuse is worth it.
    /// </summary>
    private void End()
    {
        if (_largeHead is not null) Forget(_largeHead);
        _largeHead = null;
        connection.EndRequest(_memory);
    }
}
