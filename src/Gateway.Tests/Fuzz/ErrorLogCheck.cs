using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Fuzz;

/// <summary>Listens to a gateway's log: no input causes an error line or an unhandled exception.</summary>
/// <param name="but">A line that is expected.</param>
internal sealed class ErrorLogCheck(CapturedLog log, string? but = null)
{
    private int _heard;

    /// <summary>The first line since the last call that no input should cause.</summary>
    public string? Objection()
    {
        var lines = log.Lines;
        var alarming = lines.Skip(_heard).FirstOrDefault(line =>
            (but is null || !line.Contains(but, StringComparison.Ordinal))
            && (line.StartsWith("Error", StringComparison.Ordinal)
                || line.StartsWith("Critical", StringComparison.Ordinal)
                || line.Contains("nhandled exception", StringComparison.Ordinal)));
        _heard = lines.Count;
        return alarming is null ? null : $"logged: {alarming}";
    }
}
