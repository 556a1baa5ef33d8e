namespace FathomGateway.Tests.Kit;

/// <summary>
/// Folders under the machine's temp folder. They are removed when the test process ends at the latest, so that a test may start
/// a server twice on the same folder without tracking which of the two was the last.
/// </summary>
internal static class TempFolder
{
    private static readonly HashSet<string> Created = [];
    private static readonly Lock Gate = new();

    static TempFolder() => AppDomain.CurrentDomain.ProcessExit += (_, _) => RemoveAll();

    public static string Create(string purpose)
    {
        var path = Directory.CreateTempSubdirectory($"fathom-{purpose}-").FullName;
        lock (Gate)
        {
            Created.Add(path);
        }

        return path;
    }

    public static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file may vanish while we delete (a server that is still shutting down); what is left goes at process exit.
            return;
        }

        lock (Gate)
        {
            Created.Remove(path);
        }
    }

    private static void RemoveAll()
    {
        foreach (var path in Created.ToArray())
        {
            Remove(path);
        }
    }
}
