using System.Collections.Immutable;

namespace FathomGateway.Tokens;

internal sealed partial class SqliteConnectionStore
{
    public Task<long> CountAsync(CancellationToken cancel) =>
        ReadAsync(connection => SealedRowSql.CountAsync(connection, cancel), cancel);

    public Task<long> CountReconnectRequiredAsync(CancellationToken cancel) =>
        ReadAsync(connection => SealedRowSql.CountReconnectRequiredAsync(connection, cancel), cancel);

    public Task<long> CountElsewhereAsync(string prefix, CancellationToken cancel) =>
        ReadAsync(connection => SealedRowSql.CountElsewhereAsync(connection, prefix, cancel), cancel);

    public Task<IReadOnlyList<SealedRow>> PageAsync(string after, int count, CancellationToken cancel) =>
        ReadAsync(connection => SealedRowSql.PageAsync(connection, after, count, cancel), cancel);

    public Task<bool> ResealAsync(SealedRow met, ImmutableArray<SealedToken?> resealed) =>
        WriteAsync(connection => SealedRowSql.ResealAsync(connection, met, resealed), CancellationToken.None);
}
