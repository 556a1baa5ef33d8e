namespace FathomGateway.Telemetry;

/// <summary>
/// Formats an expected exception in one line. During an outage a stack trace adds nothing and would repeat for every request.
/// </summary>
internal static class ExceptionSummary
{
    /// <summary>The message, followed by the messages of the inner exceptions.</summary>
    public static string Of(Exception failure)
    {
        var said = failure.Message.ReplaceLineEndings(" ").TrimEnd('.') + ".";
        return failure.InnerException is { } inner ? $"{said} {Of(inner)}" : said;
    }
}
