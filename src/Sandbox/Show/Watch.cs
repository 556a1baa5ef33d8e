using FathomGateway.Sandbox.Backend;

namespace FathomGateway.Sandbox.Show;

/// <summary>
/// Reads the stores at each request, and reports the differences as hops: a new key, a key that is gone, a row that was written. It reports
/// only what it has read.
/// </summary>
internal sealed class Watch(Hops hops, SandboxStores stores) : IAsyncDisposable
{
    // A store that hangs must not delay the requests.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1);
    private readonly StateChanges _states = new(hops);
    private readonly RowChanges _rows = new(hops);

    /// <summary>The hops so far.</summary>
    public Hops Hops { get; } = hops;

    /// <summary>Tells which of the states that disappear were redeemed.</summary>
    public Deliveries Deliveries => _states.Deliveries;

    /// <summary>Reads the stores, reports the differences and returns the contents.</summary>
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
