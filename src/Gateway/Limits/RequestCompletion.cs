using FathomGateway.Limits.Connections;

namespace FathomGateway.Limits;

/// <summary>
/// What is to be done when a request has ended. A connection of HTTP/1.1 has one request at a time, and one of these for all of them.
/// </summary>
internal sealed class RequestCompletion(ClientConnection connection)
{
    /// <summary>Bytes of fields from which on they are worth being forgotten.</summary>
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

    /// <summary>
    /// Lets go of a head although the server keeps its request, as it does over HTTP/2 until the client has ended the stream.
    /// </summary>
    public static void Forget(IHeaderDictionary head)
    {
        foreach (var name in head.Keys.ToArray()) head.Remove(name);
    }

    /// <summary>
    /// The server keeps the values of the fields that it knows until the next request, to make no text twice: thousands of idle connections
    /// would keep a head each. Small ones are worth that.
    /// </summary>
    private void End()
    {
        if (_largeHead is not null) Forget(_largeHead);
        _largeHead = null;
        connection.EndRequest(_memory);
    }
}
