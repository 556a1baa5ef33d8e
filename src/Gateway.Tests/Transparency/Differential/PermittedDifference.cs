namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>One difference that is known, reviewed and explained.</summary>
/// <param name="Id">Also stands in the table of docs/transparency.md.</param>
/// <param name="Reason">Why it cannot be kept, in short.</param>
/// <param name="Excuse">Makes what was seen straight equal to what was seen through the gateway in this respect only; tells whether it had
/// to.</param>
internal sealed record PermittedDifference(string Id, string Reason, Func<Comparison, bool> Excuse);
