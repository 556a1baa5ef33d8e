using System.Collections.Immutable;

namespace FathomGateway.Tokens;

internal sealed partial class PostgresConnectionStore
{
    public Task<long> CountAsync(CancellationToken cancel) =>
        AskAsync(connection => SealedRowSql.CountAsync(connection, cancel), cancel);

    public Task<long> CountReconnectRequiredAsync(CancellationToken cancel) =>
        AskAsync(connection => SealedRowSql.CountReconnectRequiredAsync(connection, cancel), cancel);

    public Task<long> CountElsewhereAsync(string prefix, CancellationToken cancel) =>
        AskAsync(connection => SealedRowSql.CountElsewhereAsync(connection, prefix, cancel), cancel);

    public Task<IReadOnlyList<SealedRow>> PageAsync(string after, int count, CancellationToken cancel) =>
        AskAsync(connection => SealedRowSql.PageAsync(connection, after, count, cancel), cancel);

    public Task<bool> ResealAsync(SealedRow met, ImmutableArray<SealedToken?> resealed) =>
        AskAsync(connection => SealedRowSql.ResealAsync(connection, met, resealed), CancellationToken.None);
}
