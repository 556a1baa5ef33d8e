namespace FathomGateway.Cli.Doctor;

/// <summary>Shows on a terminal which checks still run, on one line that is overwritten and erased at the end.</summary>
internal sealed class DoctorProgress(TextWriter output, bool watched)
{
    private const string EraseLine = "\r\e[K";

    private readonly Lock _gate = new();
    private readonly List<string> _running = [];

    public async Task<T> WatchAsync<T>(string name, Task<T> look)
    {
        Show(() => _running.Add(name));
        try
        {
            return await look;
        }
        finally
        {
            Show(() => _running.Remove(name));
        }
    }

    private void Show(Action change)
    {
        lock (_gate)
        {
            change();
            if (watched) output.Write(_running.Count == 0 ? EraseLine : $"{EraseLine}Looking at {string.Join(", ", _running)} …");
        }
    }
}
