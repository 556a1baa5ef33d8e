namespace FathomGateway.Limits.Connections;

/// <summary>
/// Why the gateway closed a connection. The first three make room, in this order. The fourth frees memory of the heap. The others end
/// connections that are of no use.
/// </summary>
internal enum EvictionReason
{
    /// <summary>It never sent a request, and room was needed.</summary>
    Unused,

    /// <summary>It was idle between two requests, and room was needed. Over HTTP/2 no stream was open.</summary>
    Idle,

    /// <summary>Its request had moved no data for a minute, and room was needed.</summary>
    Stalled,

    /// <summary>It held the most memory, and the process was about to run out.</summary>
    Largest,

    /// <summary>It did not send its first request within a minute.</summary>
    NoRequest,

    /// <summary>Its peer vanished while data was on the way to it.</summary>
    Vanished,
}
