using FathomGateway.Keys;

namespace FathomGateway.Tokens;

/// <summary>An encrypted token: <c>v1:kid:base64(nonce ‖ ciphertext ‖ tag)</c>. Stores take nothing else, so no readable token can reach one.</summary>
internal readonly record struct SealedToken(string Text)
{
    /// <summary>The id of the key that it says it was sealed with; null where the text is no envelope.</summary>
    public string? Kid => Text.Split(':') is [_, var kid, _] && EncryptionKey.IsKid(kid) ? kid : null;

    public override string ToString() => Text;
}
