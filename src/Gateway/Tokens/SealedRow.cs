using System.Collections.Immutable;

namespace FathomGateway.Tokens;

/// <summary>A row as the re-encryption meets it: ciphertext, and what it is bound to.</summary>
/// <param name="User">The row's key as it stands in the database, usable as a user id or not.</param>
/// <param name="Version">The version that the ciphertext was read at.</param>
/// <param name="Tokens">One entry for each of <see cref="SealedColumns.All"/>; null where the row holds none.</param>
internal sealed record SealedRow(string User, long Version, ImmutableArray<SealedToken?> Tokens);
