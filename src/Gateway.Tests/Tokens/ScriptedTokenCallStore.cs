using FathomGateway.Tokens;

namespace FathomGateway.Tests.Tokens;

/// <summary>A store that answers by script and counts how often it is asked.</summary>
internal sealed class ScriptedTokenCallStore : ITokenCallStore
{
    private int _asked;

    public Func<Task<TimeSpan?>> Answer { get; set; } = () => Task.FromResult<TimeSpan?>(null);

    public int Asked => _asked;

    public Task<TimeSpan?> TakeAsync(int limit, CancellationToken cancel)
    {
        Interlocked.Increment(ref _asked);
        return Answer();
    }

    public Task CountAsync(CancellationToken cancel) => TakeAsync(0, cancel);

    public Task PauseAsync(TimeSpan pause, CancellationToken cancel) => TakeAsync(0, cancel);
}
