using System.Globalization;

namespace FathomGateway.Bench;

/// <summary>
/// CPU time of a process and its children, in nanoseconds as the scheduler counts them: finer than the clock ticks of <c>/proc/*/stat</c>.
/// </summary>
internal static class CpuTime
{
    public static TimeSpan OfTree(int process)
    {
        var children = Directory.GetDirectories("/proc/").Select(Path.GetFileName).OfType<string>()
            .Where(name => int.TryParse(name, NumberStyles.None, null, out var id) && (id == process || Parent(name) == process));
        return TimeSpan.FromMicroseconds(children.SelectMany(Threads).Sum(OnCpu) / 1000);
    }

    private static string[] Threads(string process) => Read(() => Directory.GetDirectories($"/proc/{process}/task")) ?? [];

    /// <summary>The first field: nanoseconds on a CPU.</summary>
    private static long OnCpu(string thread) =>
        Read(() => File.ReadAllText($"{thread}/schedstat")) is { } text ? long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture) : 0;

    /// <summary>The second field after the name, which is in brackets and may hold any character.</summary>
    private static int? Parent(string process) =>
        Read(() => File.ReadAllText($"/proc/{process}/stat")) is not { } text
            ? null
            : int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>Null where the process or thread has ended meanwhile.</summary>
    private static T? Read<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
