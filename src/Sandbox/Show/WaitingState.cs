namespace FathomGateway.Sandbox.Show;

/// <summary>A state that waits to be redeemed, as the store holds it.</summary>
/// <param name="Nonce">Identifies the state. It is half of a credential, so it stays in this process.</param>
/// <param name="Key">Its key in the store, for display.</param>
/// <param name="Left">Its remaining lifetime.</param>
internal sealed record WaitingState(string Nonce, string Key, TimeSpan Left)
{
    /// <summary>Replaces what must not be shown.</summary>
    public const string Hidden = "••••••••";
}
