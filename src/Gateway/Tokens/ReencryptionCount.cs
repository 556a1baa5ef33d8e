namespace FathomGateway.Tokens;

/// <summary>How far a re-encryption has come, in rows. One row a user.</summary>
internal sealed class ReencryptionCount
{
    /// <summary>How many rows there were at the beginning; users connect and disconnect meanwhile.</summary>
    public long Total { get; set; }

    public long Moved { get; set; }

    public long AlreadyThere { get; set; }

    /// <summary>Rows with at least one token that no key of the ring opens. They are kept.</summary>
    public long Unreadable { get; set; }

    /// <summary>The unreadable ones by the key ids that they name; "" stands for text that is no envelope. A row may name two.</summary>
    public SortedDictionary<string, long> UnreadableByKid { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Rows that were under another key when all had been met, beyond the unreadable ones: some gateway still encrypts with that key,
    /// and it must not be retired yet.
    /// </summary>
    public long WrittenElsewhere { get; set; }

    public long Met => Moved + AlreadyThere + Unreadable;
}
