using System.Collections.Immutable;

namespace FathomGateway.Tokens;

internal partial interface IConnectionStore
{
    /// <summary>How many connections there are.</summary>
    Task<long> CountAsync(CancellationToken cancel);

    /// <summary>How many of them wait for their users to connect again.</summary>
    Task<long> CountReconnectRequiredAsync(CancellationToken cancel);

    /// <summary>How many rows hold ciphertext that does not begin with <paramref name="prefix"/>.</summary>
    Task<long> CountElsewhereAsync(string prefix, CancellationToken cancel);

    /// <summary>The next rows after a user id, in the order of user ids; <c>""</c> begins.</summary>
    Task<IReadOnlyList<SealedRow>> PageAsync(string after, int count, CancellationToken cancel);

    /// <summary>Puts other ciphertext of the same tokens into a row, if it still holds exactly what was met. It cannot be cancelled half way.</summary>
    /// <remarks>
    /// The version stays: it counts changes of the tokens, and a caller who says "the token of version 7 was refused" must go on meaning the
    /// same token. A refresh in flight is not disturbed: it saves by version and lease, which stay, and what it saves is sealed afresh.
    /// </remarks>
    /// <returns>False where the row has changed or gone meanwhile: a connect, a refresh or a disconnect was first, and wins.</returns>
    Task<bool> ResealAsync(SealedRow met, ImmutableArray<SealedToken?> resealed);
}
