using FathomGateway.Users;

namespace FathomGateway.Tokens.Encryption;

/// <summary>
/// Encrypts every token with the first key of the ring while gateways serve: page by page in the order of user ids, each row by
/// compare-and-set. It stores no progress: another run skips the rows that have the first key already.
/// </summary>
internal sealed class Reencryption(ConnectionStore store, TokenCipher cipher)
{
    /// <summary>Rows per query: a few hundred kilobytes.</summary>
    private const int PageSize = 200;

    /// <summary>Attempts at a row that other processes keep changing. After these the next run processes it.</summary>
    private const int MaxAttempts = 10;

    private long _unreadableElsewhere;

    /// <param name="count">Incremented row by row. It is valid also after an exception.</param>
    /// <param name="rowProcessed">Called after each row.</param>
    /// <exception cref="OperationCanceledException">The run was stopped. No row is changed in part.</exception>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve. Rows that were re-encrypted stay so.</exception>
    public async Task RunAsync(ReencryptionCount count, Action rowProcessed, CancellationToken stop)
    {
        count.Total = await store.CountAsync(stop);
        _unreadableElsewhere = 0;
        var (after, attempts) = ("", 0);
        while (await store.PageAsync(after, PageSize, stop) is { Count: > 0 } page)
        {
            foreach (var row in page)
            {
                stop.ThrowIfCancellationRequested();
                // Another process has changed the row: the next page begins with it.
                if (!await ProcessAsync(row, count) && ++attempts < MaxAttempts) break;
                (after, attempts) = (row.User, 0);
                rowProcessed();
            }
        }

        var (_, sealedWithOther) = await store.CountSealedWithOtherAsync([cipher.CurrentKey], stop);
        count.WrittenElsewhere = Math.Max(0, sealedWithOther - _unreadableElsewhere);
    }

    private async Task<bool> ProcessAsync(SealedRow row, ReencryptionCount count)
    {
        // A token that opens is encrypted again, even if the row's other token does not open.
        var access = Reseal(row, TokenColumn.AccessToken, row.AccessToken);
        var refresh = row.RefreshToken is { } token ? Reseal(row, TokenColumn.RefreshToken, token) : null;
        var resealed = row with { AccessToken = access ?? row.AccessToken, RefreshToken = refresh ?? row.RefreshToken };
        if (resealed != row && !await store.ResealAsync(row, resealed)) return false;

        SealedToken[] unreadable = [.. row.Tokens
            .Where(one => (one.Column == TokenColumn.AccessToken ? access : refresh) is null)
            .Select(one => one.Token)];
        if (unreadable.Length > 0) Note(unreadable, count);
        else if (resealed != row) count.Moved++;
        else count.AlreadyThere++;
        return true;
    }

    private SealedToken? Reseal(SealedRow row, TokenColumn column, SealedToken token) =>
        cipher.Reseal(token, UserId.OfStored(row.User), column);

    private void Note(SealedToken[] unreadable, ReencryptionCount count)
    {
        count.Unreadable++;
        if (unreadable.Any(token => !cipher.IsCurrent(token))) _unreadableElsewhere++;
        foreach (var kid in unreadable.Select(token => token.Kid ?? "").Distinct())
        {
            count.UnreadableByKid[kid] = count.UnreadableByKid.GetValueOrDefault(kid) + 1;
        }
    }
}

/// <summary>The progress of a re-encryption in rows. Each user has one row.</summary>
internal sealed class ReencryptionCount
{
    /// <summary>Number of rows at the beginning. Users connect and disconnect meanwhile.</summary>
    public long Total { get; set; }

    public long Moved { get; set; }

    public long AlreadyThere { get; set; }

    /// <summary>Rows with at least one token that no key of the ring opens. They are kept.</summary>
    public long Unreadable { get; set; }

    /// <summary>The unreadable ones by the key ids that they name; "" means text that is no envelope. A row may name two.</summary>
    public SortedDictionary<string, long> UnreadableByKid { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Rows that were encrypted with another key after all rows were processed, without the unreadable ones. Some gateway still encrypts
    /// with that key, so it must not be removed yet.
    /// </summary>
    public long WrittenElsewhere { get; set; }

    public long Processed => Moved + AlreadyThere + Unreadable;
}
