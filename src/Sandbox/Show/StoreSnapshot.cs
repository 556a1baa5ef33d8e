namespace FathomGateway.Sandbox.Show;

/// <summary>The contents of the stores at one reading; null for a store that did not answer.</summary>
internal sealed record StoreSnapshot(IReadOnlyList<WaitingState>? States, IReadOnlyList<ShownRow>? Rows);
