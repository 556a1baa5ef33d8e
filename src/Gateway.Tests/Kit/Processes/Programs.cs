namespace FathomGateway.Tests.Kit;

/// <summary>Finds the programs that the tests run, and says what to install where one is missing.</summary>
internal static class Programs
{
    /// <summary>The first existing file among the candidates, else the name on PATH, else a failure that names the remedy.</summary>
    public static string Find(string name, string remedy, params IEnumerable<string> candidates) =>
        candidates.Concat(OnPath(name)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            $"'{name}' is not installed on this machine. Remedy: {remedy} (or run ./test.sh, which does it).");

    public static bool IsOnPath(string name) => OnPath(name).Any(File.Exists);

    private static IEnumerable<string> OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/local/sbin", "/usr/sbin", "/sbin"])
            .Select(folder => Path.Combine(folder, name));
}
