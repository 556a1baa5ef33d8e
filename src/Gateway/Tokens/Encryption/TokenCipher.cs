using System.Data;
using System.Data.Common;
using FathomGateway.Keys;
using FathomGateway.Tokens.Databases;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Encryption;

/// <summary>
/// Encrypts tokens at rest. Each is bound to its user and column, so that ciphertext copied to another user's row, or to another column,
/// does not open.
/// </summary>
/// <remarks>Nonces are random: NIST allows 2^32 encryptions a key, which a million refreshes a day reach after about six years.</remarks>
internal sealed class TokenCipher(KeyRing ring)
{
    private const string Purpose = "FathomGateway token";

    public SealedToken Seal(string token, UserId userId, TokenColumn column) =>
        new(Envelope.Seal(ring, token, Purpose, userId.Value, column.ToString()));

    /// <returns>
    /// Null where no key of the ring opens it: the key is gone, or the text was altered or moved. The caller must keep the row.
    /// </returns>
    public string? Open(SealedToken sealedToken, UserId userId, TokenColumn column) =>
        Envelope.Open(ring, sealedToken.Text, Purpose, userId.Value, column.ToString());

    /// <summary>The beginning of every token that is encrypted with a key.</summary>
    public static string Prefix(EncryptionKey key) => $"{Envelope.Version}:{key.Kid}:";

    /// <summary>The key that encrypts.</summary>
    public EncryptionKey CurrentKey => ring.Current;

    /// <summary>Whether a token names the first key.</summary>
    public bool IsCurrent(SealedToken sealedToken) => sealedToken.Text.StartsWith(Prefix(ring.Current), StringComparison.Ordinal);

    /// <summary>The same token, encrypted with the first key. A token that is encrypted with it already is returned unchanged.</summary>
    /// <returns>Null where no key of the ring opens it.</returns>
    public SealedToken? Reseal(SealedToken sealedToken, UserId userId, TokenColumn column)
    {
        if (Open(sealedToken, userId, column) is not { } token) return null;
        return IsCurrent(sealedToken) ? sealedToken : Seal(token, userId, column);
    }
}

/// <summary>An encrypted token: <c>v1:kid:base64(nonce ‖ ciphertext ‖ tag)</c>. Stores accept a token in this form alone.</summary>
internal readonly record struct SealedToken(string Text)
{
    /// <summary>The id of the key that the text names; null where the text is no envelope.</summary>
    public string? Kid => Text.Split(':') is [_, var kid, _] && EncryptionKey.IsKid(kid) ? kid : null;

    public override string ToString() => Text;
}

/// <summary>The columns that ciphertext is bound to. In another column it does not open.</summary>
internal enum TokenColumn
{
    AccessToken,
    RefreshToken,
}

/// <summary>A row for a pass over all rows: its ciphertext, and the user id that this is bound to.</summary>
/// <param name="User">The row's key in the database, which may be no valid user id.</param>
/// <param name="Version">The version that the ciphertext was read at.</param>
internal sealed record SealedRow(string User, long Version, SealedToken AccessToken, SealedToken? RefreshToken)
{
    public static SealedRow Read(DbDataReader row) => new(
        row.GetString("User"), row.GetInt64("Version"), row.GetToken("AccessToken"), row.GetTokenOrNull("RefreshToken"));

    /// <summary>The tokens that are there, each with the column that it is bound to.</summary>
    public IEnumerable<(TokenColumn Column, SealedToken Token)> Tokens => RefreshToken is { } refresh
        ? [(TokenColumn.AccessToken, AccessToken), (TokenColumn.RefreshToken, refresh)]
        : [(TokenColumn.AccessToken, AccessToken)];
}
