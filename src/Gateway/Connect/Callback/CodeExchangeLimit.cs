namespace FathomGateway.Connect.Callback;

/// <summary>Limits the number of codes that this process exchanges at once. A slot is taken before anything is spent.</summary>
internal sealed class CodeExchangeLimit(TimeProvider time, int count = CodeExchangeLimit.MaxConcurrent) : IDisposable
{
    /// <summary>
    /// Enough for six users a second where the provider takes ten seconds. Further exchanges would only wait at the provider.
    /// </summary>
    public const int MaxConcurrent = 64;

    /// <summary>How long a callback waits for a slot. Nothing is spent yet, so a refused browser can reload at once.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _free = new(count);

    /// <summary>Number of free slots.</summary>
    public int Free => _free.CurrentCount;

    /// <summary>A slot, to dispose after the exchange; null where none became free in time.</summary>
    public async Task<IDisposable?> TakeAsync(CancellationToken cancel)
    {
        if (_free.Wait(TimeSpan.Zero, CancellationToken.None)) return new Slot(_free);
        using var limit = new CancellationTokenSource(MaxWait, time);
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
