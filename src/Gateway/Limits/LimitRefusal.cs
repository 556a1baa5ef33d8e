namespace FathomGateway.Limits;

/// <summary>What was refused, and for want of what.</summary>
internal enum LimitRefusal
{
    /// <summary>A connection, for want of descriptors.</summary>
    ConnectionForDescriptors,

    /// <summary>A connection, for want of memory.</summary>
    ConnectionForMemory,

    /// <summary>A request, for want of memory.</summary>
    RequestForMemory,
}
