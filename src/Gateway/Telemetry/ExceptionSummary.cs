namespace FathomGateway.Telemetry;

/// <summary>A failure in one line, for what is foreseen: an outage's stack trace says nothing, and says it for every request.</summary>
internal static class ExceptionSummary
{
    /// <summary>What happened, and beneath it, why.</summary>
    public static string Of(Exception failure)
    {
        var said = failure.Message.ReplaceLineEndings(" ").TrimEnd('.') + ".";
        return failure.InnerException is { } inner ? $"{said} {Of(inner)}" : said;
    }
}
