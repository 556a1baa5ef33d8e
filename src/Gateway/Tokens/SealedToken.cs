namespace FathomGateway.Tokens;

/// <summary>An encrypted token: <c>v1:kid:base64(nonce ‖ ciphertext ‖ tag)</c>. Stores take nothing else, so no readable token can reach one.</summary>
internal readonly record struct SealedToken(string Text)
{
    public override string ToString() => Text;
}
