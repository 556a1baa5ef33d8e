namespace FathomGateway.Sandbox.Show;

/// <summary>A state that waits to be redeemed, as somebody finds it who looks into the store.</summary>
/// <param name="Nonce">Tells it from others. It works like half a password, so it stays in this process.</param>
/// <param name="Key">What it is kept under, fit to be shown.</param>
/// <param name="Left">How long it has left.</param>
internal sealed record WaitingState(string Nonce, string Key, TimeSpan Left)
{
    /// <summary>Stands for what must not be read.</summary>
    public const string Hidden = "••••••••";
}
