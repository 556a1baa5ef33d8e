using FathomGateway.Keys;

namespace FathomGateway.Tokens;

/// <summary>An encrypted token: <c>v1:kid:base64(nonce ‖ ciphertext ‖ tag)</c>. Stores take nothing else, so no readable token can reach one.</summary>
internal readonly record struct SealedToken(string Text)
{
    /// <summary>The id of the key that it says it was sealed with; null where the text is no envelope.</summary>
    public string? Kid => Text.Split(':') is [_, var kid, _] && EncryptionKey.IsKid(kid) ? kid : null;

    public override string ToString() => Text;
}

/// <summary>The places that ciphertext is bound to: moved to another one, it opens no more.</summary>
internal enum TokenColumn
{
    AccessToken,
    RefreshToken,
}

/// <summary>A row as whoever goes through all of them meets it: ciphertext, and what it is bound to.</summary>
/// <param name="User">The row's key as it stands in the database, usable as a user id or not.</param>
/// <param name="Version">The version that the ciphertext was read at.</param>
internal sealed record SealedRow(string User, long Version, SealedToken AccessToken, SealedToken? RefreshToken)
{
    /// <summary>The tokens that are there, each with the column that it is bound to.</summary>
    public IEnumerable<(TokenColumn Column, SealedToken Token)> Tokens => RefreshToken is { } refresh
        ? [(TokenColumn.AccessToken, AccessToken), (TokenColumn.RefreshToken, refresh)]
        : [(TokenColumn.AccessToken, AccessToken)];
}
