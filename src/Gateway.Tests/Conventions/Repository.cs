namespace FathomGateway.Tests.Conventions;

/// <summary>Where the repository's files are, found from the test's own place.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Gateway { get; } = Path.Combine(Root, "src", "Gateway");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FathomGateway.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
