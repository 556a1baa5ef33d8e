using System.Text.RegularExpressions;
using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>Dependencies between the top-level folders of the gateway point one way.</summary>
public sealed partial class LayeringTests
{
    /// <summary>What each top-level folder may use. A folder that is missing here fails the test: say first where it belongs.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Settings"] = [],
        ["Tcp"] = [],
        // Rules for every outgoing connection.
        ["Tls"] = ["Tcp"],
        // What the whole process may hold: below all who serve.
        ["Limits"] = ["Settings", "Tcp"],
        ["Telemetry"] = ["Settings"],
        ["Keys"] = ["Settings"],
        ["Users"] = ["Settings", "Tls", "Telemetry"],
        // Below all who have something to put on record.
        ["Audit"] = ["Keys", "Users"],
        ["Fathom"] = ["Settings", "Tls", "Telemetry"],
        ["State"] = ["Settings", "Tls", "Telemetry", "Keys", "Users"],
        // State for its connection to Redis, where tokens wait that the database could not take.
        ["Tokens"] = ["Settings", "Tls", "Telemetry", "Keys", "Users", "Audit", "Fathom", "State"],
        // The outbox is written by Tokens, in the transactions of the changes; what is written is delivered here.
        ["Events"] = ["Settings", "Tls", "Telemetry", "Tokens"],
        // Knows HTTP and sockets, and nothing of Fathom: it could be a library of its own.
        ["Backend"] = ["Tls", "Tcp"],
        // Neither State nor Tokens: forwarding works while Redis, PostgreSQL and Fathom are all down.
        ["Proxy"] = ["Backend", "Settings", "Tls", "Tcp", "Limits"],
        ["Internal"] = ["Backend", "Limits", "Settings", "Tls", "Telemetry", "Users", "Audit", "Fathom", "Tokens", "Events", "Proxy"],
        ["Connect"] = ["Settings", "Limits", "Telemetry", "Users", "Audit", "Fathom", "State", "Tokens"],
        ["Hosting"] = ["Settings", "Tcp", "Limits", "Telemetry", "Proxy", "Internal"],
        // The commands read the configuration from where the served gateway has it; the doctor looks at the stores that it has.
        ["Cli"] = ["Settings", "Keys", "Users", "Audit", "State", "Tokens", "Events", "Hosting"],
    };

    /// <summary>A folder with more files gets sub-folders by idea.</summary>
    private const int MaxFilesInFolder = 15;

    public static TheoryData<string> Folders() =>
    [
        .. Directory.GetDirectories(Repository.Gateway)
            .Select(path => Path.GetFileName(path))
            .Where(name => name is not ("bin" or "obj" or "Properties" or "data")),
    ];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_the_folders_below_it(string folder)
    {
        Assert.True(MayUse.TryGetValue(folder, out var allowed), $"folder {folder} has no place in the order yet");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Gateway, folder), "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            Assert.Contains($"\nnamespace {NamespaceOf(file)};\n", $"\n{text}", StringComparison.Ordinal);
            foreach (Match used in FolderName().Matches(text))
            {
                var other = used.Groups[1].Value;
                Assert.True(other == folder || allowed.Contains(other), $"{Path.GetFileName(file)} of {folder} uses {other}");
            }
        }
    }

    [Fact]
    public void Every_folder_of_the_layering_exists() => Assert.Equal(MayUse.Keys.Order(), Folders().Select(row => row.Data).Order());

    [Fact]
    public void A_folder_with_more_than_fifteen_files_has_sub_folders()
    {
        var folders = Directory.EnumerateFiles(Repository.Gateway, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Gateway, Path.GetDirectoryName(file)!))
            .Where(folder => folder.Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
            .CountBy(folder => folder);
        Assert.All(folders, folder => Assert.True(folder.Value <= MaxFilesInFolder, $"{folder.Key} holds {folder.Value} files"));
    }

    /// <summary>A namespace is the folder's path.</summary>
    private static string NamespaceOf(string file)
    {
        var folder = Path.GetRelativePath(Repository.Gateway, Path.GetDirectoryName(file)!);
        return $"FathomGateway.{folder.Replace(Path.DirectorySeparatorChar, '.')}";
    }

    [GeneratedRegex(@"\bFathomGateway\.([A-Z]\w+)")]
    private static partial Regex FolderName();
}
