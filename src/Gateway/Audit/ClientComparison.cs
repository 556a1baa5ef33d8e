namespace FathomGateway.Audit;

/// <summary>Where a flow ended, beside where it began. A difference is a hint and no proof: phones change networks.</summary>
/// <param name="Network">The network that it ended on: the first 24 bits of an IPv4 address, 64 of an IPv6 one.</param>
internal readonly record struct ClientComparison(string Network, bool NetworkDiffers, bool UserAgentDiffers);
