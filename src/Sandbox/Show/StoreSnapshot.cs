namespace FathomGateway.Sandbox.Show;

/// <summary>What a look into the stores found; null for a store that did not answer.</summary>
internal sealed record StoreSnapshot(IReadOnlyList<WaitingState>? States, IReadOnlyList<ShownRow>? Rows);
