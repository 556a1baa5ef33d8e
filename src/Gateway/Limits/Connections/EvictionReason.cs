namespace FathomGateway.Limits.Connections;

/// <summary>Why a connection was closed by the gateway, in the order in which room is made.</summary>
internal enum EvictionReason
{
    /// <summary>It has never sent a request, and room was needed.</summary>
    Unused,

    /// <summary>It was idle between two requests, and room was needed. Over HTTP/2: no stream was open.</summary>
    Idle,

    /// <summary>A request was under way on which nothing had moved for a minute, and room was needed.</summary>
    Stalled,

    /// <summary>It held the most memory, and the process was about to run out of it.</summary>
    Largest,

    /// <summary>It has not sent its first request within a minute.</summary>
    NoRequest,

    /// <summary>Its peer has vanished while something was on its way to it.</summary>
    Vanished,
}
