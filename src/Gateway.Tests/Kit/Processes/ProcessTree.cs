using System.Globalization;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// Reads from /proc which processes a server has forked and what state they are in. Elsewhere than on Linux it knows of none.
/// </summary>
internal static class ProcessTree
{
    public static IReadOnlyList<int> ChildrenOf(int parent) =>
        !Directory.Exists("/proc")
            ? []
            : [.. Directory.EnumerateDirectories("/proc")
                .Select(
                    folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
                .Where(id => id > 0 && Read($"/proc/{id}") is var (_, parentId) && parentId == parent)];

    /// <summary>Whether a process runs; one that has ended and only waits to be collected (a zombie) does not.</summary>
    public static bool IsRunning(int id) => Read($"/proc/{id}") is var (state, _) && state is not ('Z' or 'X');

    /// <summary>Whether every thread of a process is stopped, or the process is gone.</summary>
    public static bool IsStopped(int id)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{id}/task").All(thread => Read(thread) is null or ('T' or 'Z' or 'X', _));
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
    }

    // proc(5): "pid (name) state ppid …", where the name may itself hold blanks and parentheses.
    private static (char State, int Parent)? Read(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // It ended while we looked.
        }
    }
}
