using FathomGateway.Backend.Http1;

namespace FathomGateway.Backend;

/// <summary>How long connections to a server are kept open.</summary>
internal static class KeepAlivePolicy
{
    /// <summary>An older connection is closed when it becomes idle, so that a new one resolves the server's name again.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a connection stays unused after a response that has no body by its method or status. A faulty server sends a body all the
    /// same, in a segment of its own. Within this time the gateway detects it before another request uses the connection.
    /// </summary>
    public static readonly TimeSpan PauseAfterNoBody = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Shorter than Node's idle timeout (5 s). A request sent while the server closes the connection is lost: it must not be sent twice.
    /// </summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How much earlier than <c>Keep-Alive</c> says a connection is closed, because the server's clock started earlier.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>How long a connection may be idle after a response.</summary>
    public static TimeSpan IdleLimit(ResponseHead head)
    {
        if (head.KeepAliveSeconds < 0) return IdleTimeout;
        var announced = TimeSpan.FromSeconds(head.KeepAliveSeconds) - Margin;
        return announced < IdleTimeout ? announced : IdleTimeout;
    }
}
