using FathomGateway.Sandbox.Backend;

namespace FathomGateway.Sandbox.Show;

/// <summary>
/// Looks into the stores whenever somebody passes by, and tells as hops what has become different: a key that is there, a key that is gone,
/// a row that was written. Nothing is told that was not found there.
/// </summary>
internal sealed class Watch(Hops hops, SandboxStores stores) : IAsyncDisposable
{
    // A store that hangs must not hold up what is watched.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1);
    private readonly StateChanges _states = new(hops);
    private readonly RowChanges _rows = new(hops);

    /// <summary>The hops told so far.</summary>
    public Hops Hops { get; } = hops;

    /// <summary>Which of the states that vanish are redeemed.</summary>
    public Deliveries Deliveries => _states.Deliveries;

    /// <summary>Looks, tells, and returns what there is.</summary>
    public async Task<StoreSnapshot> RefreshAsync()
    {
        await _one.WaitAsync();
        try
        {
            var snapshot = new StoreSnapshot(await InTimeAsync(stores.ReadStates()), await InTimeAsync(RowsAsync()));
            if (snapshot.States is { } states) _states.Report(states);
            if (snapshot.Rows is { } rows) _rows.Report(rows);
            return snapshot;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stores.DisposeAsync();
        _one.Dispose();
    }

    private async Task<IReadOnlyList<ShownRow>?> RowsAsync()
    {
        var rows = new List<ShownRow>();
        foreach (var person in Person.All)
        {
            if (await stores.Rows.ColumnsAsync(person.Id) is not { } columns) return null;
            if (ShownRow.Of(columns) is { } row) rows.Add(row);
        }

        return rows;
    }

    private static async Task<T?> InTimeAsync<T>(Task<T?> read)
        where T : class
    {
        try
        {
            return await read.WaitAsync(Timeout);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
