namespace FathomGateway.Tokens;

/// <summary>The places that ciphertext is bound to: moved to another one, it opens no more.</summary>
internal enum TokenColumn
{
    AccessToken,
    RefreshToken,
}
