namespace FathomGateway.Limits;

/// <summary>
/// What is to be done when a request has ended. A connection of HTTP/1.1 has one request at a time, and one of these for all of them.
/// </summary>
internal sealed class RequestEnd(ClientConnection connection)
{
    /// <summary>Bytes of fields from which on they are worth being forgotten.</summary>
    private const long LargeHead = 4 * 1024;

    private static readonly Func<object, Task> Run = static state =>
    {
        ((RequestEnd)state).End();
        return Task.CompletedTask;
    };

    private IHeaderDictionary? _largeHead;
    private long _memory;

    public static void Register(HttpContext context, ClientConnection connection, long memory, long fields, bool isHttp2)
    {
        var end = isHttp2 ? new RequestEnd(connection) : connection.RequestEnd;
        (end._memory, end._largeHead) = (memory, fields > LargeHead ? context.Request.Headers : null);
        context.Response.OnCompleted(Run, end);
    }

    /// <summary>
    /// The server keeps the values of the fields that it knows until the next request, to make no text twice: thousands of idle
    /// connections would keep a head each.
    /// Small ones are worth that.
    /// </summary>
    private void End()
    {
        if (_largeHead is { } head)
        {
            foreach (var name in head.Keys.ToArray()) head.Remove(name);
            _largeHead = null;
        }

        connection.EndRequest(_memory);
    }
}
