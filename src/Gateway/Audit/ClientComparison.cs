namespace FathomGateway.Audit;

/// <summary>
/// Compares the client that ended a flow with the one that started it. A difference is a hint and no proof: phones change networks.
/// </summary>
/// <param name="Network">The network at the end of the flow: the first 24 bits of an IPv4 address, 64 of an IPv6 address.</param>
internal readonly record struct ClientComparison(string Network, bool NetworkDiffers, bool UserAgentDiffers);
