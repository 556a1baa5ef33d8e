namespace FathomGateway.Limits;

/// <summary>What was refused, and which resource was short.</summary>
internal enum LimitRefusal
{
    /// <summary>A connection; descriptors were short.</summary>
    ConnectionForDescriptors,

    /// <summary>A connection; memory was short.</summary>
    ConnectionForMemory,

    /// <summary>A request; memory was short.</summary>
    RequestForMemory,
}
