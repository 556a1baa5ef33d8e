using FathomGateway.Cli.Output;
using FathomGateway.Tokens.Encryption;

namespace FathomGateway.Cli.Stores;

/// <summary>Reports the progress of a re-encryption.</summary>
internal sealed class ReencryptionProgress(ReencryptionCount count, TextWriter output, ProgressPace pace)
{
    public void RowProcessed()
    {
        if (!pace.IsLineDue(count.Processed)) return;
        output.WriteLine(
            $"{count.Processed} of about {Math.Max(count.Total, count.Processed)} rows: moved {count.Moved}, "
                + $"already there {count.AlreadyThere}, unreadable {count.Unreadable}");
    }
}
