using System.Collections.Immutable;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>
/// Moves every token to the first key of the ring while gateways serve: page by page in the order of user ids, row by row, each by
/// compare-and-set. It keeps no notes: run again, it skips what is under the first key already.
/// </summary>
internal sealed class Reencryption(IConnectionStore store, TokenCipher cipher)
{
    /// <summary>Rows read at once: a few hundred kilobytes.</summary>
    private const int PageSize = 200;

    /// <summary>How often a row that others keep changing is met before it is left to the next run; each time, somebody else has written it anew.</summary>
    private const int MostMeetings = 10;

    private long _unreadableElsewhere;

    /// <param name="count">Counted up row by row; holds what was done when this throws, too.</param>
    /// <param name="metRow">Called after each row.</param>
    /// <exception cref="OperationCanceledException">Asked to stop; no row is left half done.</exception>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve; what was moved stays moved.</exception>
    public async Task RunAsync(ReencryptionCount count, Action metRow, CancellationToken stop)
    {
        count.Total = await store.CountAsync(stop);
        _unreadableElsewhere = 0;
        var (after, meetings) = ("", 0);
        while (await store.PageAsync(after, PageSize, stop) is { Count: > 0 } page)
        {
            foreach (var row in page)
            {
                stop.ThrowIfCancellationRequested();
                // Somebody else was first: the next page begins with this row as it is now.
                if (!await MeetAsync(row, count) && ++meetings < MostMeetings) break;
                (after, meetings) = (row.User, 0);
                metRow();
            }
        }

        count.WrittenElsewhere = Math.Max(0, await store.CountElsewhereAsync(cipher.CurrentPrefix, stop) - _unreadableElsewhere);
    }

    private async Task<bool> MeetAsync(SealedRow row, ReencryptionCount count)
    {
        // What opens is moved, even beside a token that does not.
        var resealed = row.Tokens.Select((token, i) => Reseal(row, token, i)).ToImmutableArray();
        var kept = resealed.Select((token, i) => token ?? row.Tokens[i]).ToImmutableArray();
        var moves = !kept.SequenceEqual(row.Tokens);
        if (moves && !await store.ResealAsync(row, kept)) return false;

        var unreadable = row.Tokens.Where((token, i) => token is not null && resealed[i] is null).Select(token => token!.Value).ToArray();
        if (unreadable.Length > 0) Note(unreadable, count);
        else if (moves) count.Moved++;
        else count.AlreadyThere++;
        return true;
    }

    private SealedToken? Reseal(SealedRow row, SealedToken? token, int column) => token is { } there && UserId.TryParse(row.User, out var userId)
        ? cipher.Reseal(there, userId, SealedColumns.All[column].Column)
        : null;

    private void Note(SealedToken[] unreadable, ReencryptionCount count)
    {
        count.Unreadable++;
        if (unreadable.Any(token => !token.Text.StartsWith(cipher.CurrentPrefix, StringComparison.Ordinal))) _unreadableElsewhere++;
        foreach (var kid in unreadable.Select(token => token.Kid ?? "").Distinct())
        {
            count.UnreadableByKid[kid] = count.UnreadableByKid.GetValueOrDefault(kid) + 1;
        }
    }
}
