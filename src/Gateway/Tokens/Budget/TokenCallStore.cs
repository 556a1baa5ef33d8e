using FathomGateway.Tokens.Databases;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Budget;

/// <summary>
/// The token calls of the last minute of all replicas: a sliding window log by the database's clock. Refreshes and exchanges have a table
/// each, because half of the budget is reserved for refreshes.
/// </summary>
/// <remarks>Every member throws <see cref="ConnectionStoreUnavailableException"/> when the database cannot serve in time.</remarks>
internal sealed class TokenCallStore(Database database)
{
    /// <summary>How long a refused code counts against its user.</summary>
    public static readonly TimeSpan RefusalRetention = TimeSpan.FromMinutes(10);

    private const string Refreshes = "SELECT called_at FROM fathom_token_calls";
    private const string Exchanges = "SELECT called_at FROM fathom_exchanges WHERE NOT refused";

    /// <summary>Times in the future are ignored. They were written before the clock was set back.</summary>
    private const string PausedUntil =
        "(SELECT paused_until FROM fathom_token_pause WHERE paused_until <= moment + @MaxPause) AS PausedUntil";

    private readonly string _pausedSql =
        $"SELECT moment AS Now, {PausedUntil}, NULL AS LastOfHalf, NULL AS LastOfAll FROM (SELECT {database.Now} AS moment) AS clock";

    private readonly string _stateSql = $"""
        SELECT moment AS Now, {PausedUntil},
            (SELECT called_at FROM ({Refreshes}) AS refreshes WHERE called_at BETWEEN moment - @Window AND moment
                ORDER BY called_at DESC LIMIT 1 OFFSET @Half - 1) AS LastOfHalf,
            (SELECT called_at FROM ({Refreshes} UNION ALL {Exchanges}) AS calls WHERE called_at BETWEEN moment - @Window AND moment
                ORDER BY called_at DESC LIMIT 1 OFFSET @Limit - 1) AS LastOfAll
        FROM (SELECT {database.Now} AS moment) AS clock
        """;

    private readonly string _takeSql = $"INSERT INTO fathom_token_calls (called_at) VALUES ({database.Now})";

    private readonly string _exchangeSql =
        $"INSERT INTO fathom_exchanges (user_id, called_at, refused) VALUES (@UserId, {database.Now}, @Refused)";

    private readonly string _pauseSql = $"""
        UPDATE fathom_token_pause SET paused_until = {database.Now} + @Pause
        WHERE paused_until NOT BETWEEN {database.Now} + @Pause AND {database.Now} + @MaxPause
        """;

    private readonly string _refusedSql = $"""
        SELECT
            (SELECT count(*) FROM fathom_exchanges
                WHERE refused AND user_id = @UserId AND called_at BETWEEN moment - @Window AND moment) AS OwnRecent,
            (SELECT count(*) FROM fathom_exchanges WHERE refused AND called_at BETWEEN moment - @Window AND moment) AS AllRecent,
            (SELECT count(*) FROM fathom_exchanges
                WHERE refused AND user_id = @UserId AND called_at BETWEEN moment - @RefusalRetention AND moment) AS Own
        FROM (SELECT {database.Now} AS moment) AS clock
        """;

    private readonly string _deleteOldSql = $"""
        DELETE FROM fathom_token_calls WHERE called_at NOT BETWEEN {database.Now} - @Window AND {database.Now};
        DELETE FROM fathom_exchanges WHERE called_at NOT BETWEEN {database.Now} - @RefusalRetention AND {database.Now}
        """;

    /// <returns>How long until a refresh may be sent; null for now.</returns>
    public async Task<TimeSpan?> PeekAsync(int limit, CancellationToken cancel) =>
        (await database.FindAsync(_stateSql, BudgetParameters(limit), BudgetState.Read, cancel))!.Wait;

    /// <returns>How long all refreshes pause; null where they do not.</returns>
    public async Task<TimeSpan?> PeekPauseAsync(CancellationToken cancel) => (await database.FindAsync(
        _pausedSql, new() { ["MaxPause"] = TokenBudget.MaxPause }, BudgetState.Read, cancel))?.Wait;

    /// <summary>
    /// Counts a refresh if the budget has room and no pause is on, in one atomic step.
    /// </summary>
    /// <returns>Null where the refresh may be sent, and is counted; else how long until there is room or the pause ends.</returns>
    public Task<TimeSpan?> TakeAsync(int limit, CancellationToken cancel) => database.LockAsync(
        Database.BudgetLock,
        null,
        async (connection, transaction) =>
        {
            var state = (await connection.FindAsync(_stateSql, BudgetParameters(limit), BudgetState.Read, transaction, cancel))!;
            if (state.Wait is null) await connection.ExecuteAsync(_takeSql, null, transaction, cancel);
            return state.Wait;
        },
        Database.StoreTimeout,
        cancel);

    /// <summary>Counts a refresh that is sent in any case.</summary>
    public Task CountRefreshAsync(CancellationToken cancel) => database.ExecuteAsync(_takeSql, null, cancel);

    /// <summary>Counts an exchange, which is sent in any case, or records that it was refused.</summary>
    public Task NoteExchangeAsync(UserId userId, bool refused, CancellationToken cancel) =>
        database.ExecuteAsync(_exchangeSql, new() { ["UserId"] = userId, ["Refused"] = refused }, cancel);

    public async Task<RefusedExchanges> RefusedAsync(UserId userId, CancellationToken cancel) =>
        (await database.FindAsync(_refusedSql, Windows.With("UserId", userId), RefusedExchanges.Read, cancel))!;

    /// <summary>Pauses all refreshes; a pause that ends later stays.</summary>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancel) =>
        database.ExecuteAsync(_pauseSql, new() { ["Pause"] = pause, ["MaxPause"] = TokenBudget.MaxPause }, cancel);

    /// <summary>Deletes the calls that are older than every window.</summary>
    public Task DeleteOldAsync(CancellationToken cancel) => database.ExecuteAsync(_deleteOldSql, Windows, cancel);

    private static SqlParameters Windows => new() { ["Window"] = TokenBudget.Window, ["RefusalRetention"] = RefusalRetention };

    private static SqlParameters BudgetParameters(int limit) => new()
    {
        ["Window"] = TokenBudget.Window,
        ["MaxPause"] = TokenBudget.MaxPause,
        ["Limit"] = limit,
        ["Half"] = limit - (limit / 2),
    };
}
