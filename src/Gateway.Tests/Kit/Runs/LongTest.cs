namespace FathomGateway.Tests.Kit;

/// <summary>
/// Progress of a long test: the scripts in <c>bench</c> name two files for it. In a run of the suite it is not shown.
/// </summary>
internal static class LongTest
{
    /// <summary>What it is about, a line at a time.</summary>
    public static void Say(string line) => Append("TEST_PROGRESS", line);

    /// <summary>What it has found.</summary>
    public static void Report(string text) => Append("TEST_REPORT", text);

    private static void Append(string variable, string text)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } file) File.AppendAllText(file, text.TrimEnd('\n') + '\n');
    }
}
