using FathomGateway.Tokens.Encryption;

namespace FathomGateway.Cli.Stores;

/// <summary>Reports the progress of a re-encryption: every second on a terminal, every 10,000 rows in a log.</summary>
internal sealed class ReencryptionProgress(ReencryptionCount count, TextWriter output, bool watched, TimeProvider clock)
{
    private const int RowsBetweenLines = 10_000;
    private static readonly TimeSpan TimeBetweenLines = TimeSpan.FromSeconds(1);

    private long _last = clock.GetTimestamp();

    public void RowProcessed()
    {
        if (watched ? clock.GetElapsedTime(_last) < TimeBetweenLines : count.Processed % RowsBetweenLines != 0) return;
        _last = clock.GetTimestamp();
        output.WriteLine(
            $"{count.Processed} of about {Math.Max(count.Total, count.Processed)} rows: moved {count.Moved}, "
                + $"already there {count.AlreadyThere}, unreadable {count.Unreadable}");
    }
}
