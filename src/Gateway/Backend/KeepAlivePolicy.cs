using FathomGateway.Backend.Http1;

namespace FathomGateway.Backend;

/// <summary>How long connections to a server are kept.</summary>
internal static class KeepAlivePolicy
{
    /// <summary>After it a connection is closed at its next pause, so that a change of the server's address is noticed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a connection rests after a response that has no body by its method or status. A server that sends a body all the same does so in a
    /// segment of its own; within this time it is noticed before anybody else's request is sent.
    /// </summary>
    public static readonly TimeSpan RestAfterBodiless = TimeSpan.FromMilliseconds(500);

    /// <summary>Less than Node keeps an idle connection (5 s): a request that meets the server's closing of it is lost, for it must not be sent twice.</summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How much earlier than the server says in <c>Keep-Alive</c> a connection is closed: its clock started earlier than ours.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>How long a connection may be idle after a response.</summary>
    public static TimeSpan IdleLimit(ResponseHead head)
    {
        if (head.KeepAliveSeconds < 0) return IdleTimeout;
        var announced = TimeSpan.FromSeconds(head.KeepAliveSeconds) - Margin;
        return announced < IdleTimeout ? announced : IdleTimeout;
    }
}
