namespace FathomGateway.Tokens.Schema;

/// <summary>
/// Sees to it that the schema is there before the first use: tried at the start, again every few seconds while the database is away,
/// and at once when a request needs it.
/// </summary>
internal sealed partial class SchemaReadiness(Action migrate, ILogger<SchemaReadiness> log) : BackgroundService
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile bool _ready;

    /// <exception cref="ConnectionStoreUnavailableException">The database cannot be reached or its schema cannot be brought up to date.</exception>
    public async ValueTask EnsureAsync(CancellationToken cancel)
    {
        if (_ready) return;
        await _one.WaitAsync(cancel);
        try
        {
            if (_ready) return;
            // The migration library is synchronous.
            await Task.Run(migrate, cancel);
            _ready = true;
            Ready(log);
        }
        finally
        {
            _one.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested && !_ready)
        {
            try
            {
                await EnsureAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // Whatever it is, proxying must not end for it.
                NotReady(log, RetryPause.TotalSeconds, failure);
                await Task.Delay(RetryPause, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The database schema is up to date.")]
    private static partial void Ready(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is not usable yet; proxying goes on, connecting waits. Next attempt in {Seconds} s.")]
    private static partial void NotReady(ILogger log, double seconds, Exception failure);
}
