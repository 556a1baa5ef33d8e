using System.Diagnostics;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// The command line of the built gateway: of the one beside these tests, or of the published file that the variable <c>GATEWAY</c> names.
/// </summary>
internal static class GatewayCommand
{
    // What the .NET host itself needs to be found and to run.
    private static readonly string[] Inherited = ["PATH", "HOME", "DOTNET_ROOT"];

    private static readonly string? Published =
        Environment.GetEnvironmentVariable("GATEWAY") is { Length: > 0 } file ? Path.GetFullPath(file) : null;

    /// <summary>
    /// Whether the tests are about a published file, such as the native one: then no gateway runs inside the tests' own process.
    /// </summary>
    public static bool IsPublished => Published is not null;

    /// <summary>
    /// The published folder; else the build output of the same configuration as these tests: bin/…/net10.0 of the project beside ours.
    /// </summary>
    public static string Folder { get; } = Published is null ? FindFolder() : Path.GetDirectoryName(Published)!;

    /// <summary>Program and first arguments of the build that comes with these tests, whatever they are about.</summary>
    public static IReadOnlyList<string> Built { get; } = ["dotnet", Path.Combine(FindFolder(), "gateway.dll")];

    /// <summary>Program and first arguments: the native file, or <c>dotnet</c> and the assembly.</summary>
    public static IReadOnlyList<string> Program { get; } = Published switch
    {
        null => Built,
        var file when Path.GetExtension(file) == ".dll" => ["dotnet", file],
        var file => [file],
    };

    /// <summary>The same as words of a shell.</summary>
    public static string ShellWords { get; } = string.Join(' ', Program.Select(word => $"'{word}'"));

    /// <param name="written">Called with each line that it writes.</param>
    /// <param name="program">In place of <see cref="Program"/>.</param>
    /// <param name="shell">What a shell does before it becomes the gateway, such as <c>ulimit -n 256</c>; or a redirection of its
    /// output.</param>
    public static ChildProcess Start(
        string[] arguments, IDictionary<string, string?> settings, string? shell = null, string? redirection = null,
        Action<string>? written = null, IReadOnlyList<string>? program = null)
    {
        string[] command = [.. program ?? Program, .. arguments];
        var start = shell is null && redirection is null
            ? new ProcessStartInfo(command[0], command[1..])
            : new ProcessStartInfo("sh", ["-c", $"{shell ?? ":"}; exec \"$@\" {redirection}", "sh", .. command]);
        start.WorkingDirectory = Folder;
        var inherited = Inherited.Select(name => KeyValuePair.Create(name, Environment.GetEnvironmentVariable(name)));
        start.Environment.Clear();
        foreach (var (name, value) in inherited.Concat(settings).Where(variable => variable.Value is not null))
        {
            start.Environment[name] = value;
        }

        return ChildProcess.Start(start, written);
    }

    private static string FindFolder()
    {
        var ours = new DirectoryInfo(AppContext.BaseDirectory);
        while (ours.Name != "Gateway.Tests")
        {
            ours =
                ours.Parent ?? throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} is not inside the folder Gateway.Tests.");
        }

        return Path.Combine(ours.Parent!.FullName, "Gateway", Path.GetRelativePath(ours.FullName, AppContext.BaseDirectory));
    }
}
