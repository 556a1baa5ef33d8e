namespace FathomGateway.Connect.Callback;

/// <summary>
/// Bounds how many codes this process exchanges at once. A slot is taken before anything is spent, so that whoever finds none can simply
/// try again.
/// </summary>
internal sealed class CodeExchangeLimit(TimeProvider time, int count = CodeExchangeLimit.Most) : IDisposable
{
    /// <summary>A provider that takes ten seconds then still serves six users a second; more would only wait there.</summary>
    public const int Most = 64;

    /// <summary>Before anything is spent: whoever is sent away may reload at once.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _free = new(count);

    /// <summary>How many could be taken now.</summary>
    public int Free => _free.CurrentCount;

    /// <summary>A slot, to be disposed of after the exchange; null where none has become free in time.</summary>
    public async Task<IDisposable?> TakeAsync(CancellationToken cancel)
    {
        if (_free.Wait(TimeSpan.Zero, CancellationToken.None)) return new Slot(_free);
        using var limit = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await _free.WaitAsync(either.Token);
            return new Slot(_free);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _free.Dispose();

    private sealed class Slot(SemaphoreSlim free) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0) free.Release();
        }
    }
}
