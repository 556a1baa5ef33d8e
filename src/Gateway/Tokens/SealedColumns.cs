using System.Collections.Immutable;

namespace FathomGateway.Tokens;

/// <summary>Where ciphertext stands in a row: the columns of both databases, in the order of <see cref="SealedRow.Tokens"/>. A further sealed column is one line more.</summary>
internal static class SealedColumns
{
    public static readonly ImmutableArray<(TokenColumn Column, string Name)> All =
    [
        (TokenColumn.AccessToken, "access_token"),
        (TokenColumn.RefreshToken, "refresh_token"),
    ];
}
