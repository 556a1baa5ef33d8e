using System.Globalization;

namespace FathomGateway.Tests.Soak;

/// <summary>
/// What one process uses, sampled from /proc all the time: the first minutes after the warm-up are held against the last ones.
/// </summary>
internal sealed class SoakGrowth(Func<int> processId, TimeSpan length)
{
    /// <summary>In percent of the resident memory.</summary>
    public const double MaxMemory = 10;

    /// <summary>As many as the load's own connections come and go by.</summary>
    public const int MaxDescriptors = 32;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    /// <summary>Code is compiled anew for what turns out to be hot, caches fill, the heap finds its size.</summary>
    private readonly TimeSpan _warmUp = Least(TimeSpan.FromMinutes(5), length / 4);

    /// <summary>Medians over it: single samples are as far apart as the collector's last visit.</summary>
    private readonly TimeSpan _window = Least(TimeSpan.FromMinutes(3), length / 4);

    private readonly List<(TimeSpan At, long Kilobytes, int Descriptors)> _samples = [];

    /// <summary>A run that is shorter is over before a process has warmed up.</summary>
    public bool IsJudged => length >= TimeSpan.FromMinutes(15);

    public double Memory => 100.0 * Change(sample => sample.Kilobytes) / Median(First, sample => sample.Kilobytes);

    public long Descriptors => Change(sample => sample.Descriptors);

    private IEnumerable<(TimeSpan At, long Kilobytes, int Descriptors)> First =>
        _samples.Where(one => one.At >= _warmUp && one.At <= _warmUp + _window);

    private IEnumerable<(TimeSpan At, long Kilobytes, int Descriptors)> Last => _samples.Where(one => one.At >= length - _window);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"memory {Memory:+0.0;-0.0;0} % (of {Median(First, one => one.Kilobytes) / 1024} MB), file descriptors {Descriptors:+0;-0;0} (of "
            + $"{Median(First, one => one.Descriptors)}), the last {_window.TotalMinutes:0.#} minutes beside the "
            + $"{_window.TotalMinutes:0.#} after the first {_warmUp.TotalMinutes:0.#}");

    public async Task SampleAsync(Func<TimeSpan> elapsed, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                Sample($"/proc/{processId()}", elapsed());
            }
            catch (Exception failure) when (failure is IOException or InvalidOperationException)
            {
                // The process has ended, which the run finds and reports with its last lines.
            }

            await Task.Delay(Pause, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Sample(string folder, TimeSpan at)
    {
        var line = File.ReadLines($"{folder}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
        var resident = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        _samples.Add((at, long.Parse(resident, CultureInfo.InvariantCulture), Directory.GetFileSystemEntries($"{folder}/fd").Length));
    }

    private long Change(Func<(TimeSpan At, long Kilobytes, int Descriptors), long> of) => Median(Last, of) - Median(First, of);

    private static long Median(
        IEnumerable<(TimeSpan At, long Kilobytes, int Descriptors)> samples, Func<(TimeSpan At, long Kilobytes, int Descriptors), long> of)
    {
        var all = samples.Select(of).Order().ToArray();
        return all.Length == 0 ? 0 : all[all.Length / 2];
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
