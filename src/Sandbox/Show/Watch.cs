using FathomGateway.Sandbox.Backend;

namespace FathomGateway.Sandbox.Show;

/// <summary>
/// Looks into the stores whenever somebody passes by, and tells as hops what has become different: a key that is there, a key that is gone,
/// a row that was written. Nothing is told that was not found there.
/// </summary>
internal sealed class Watch(Hops hops, SandboxStores stores) : IAsyncDisposable
{
    // A store that hangs must not hold up what is watched.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1);
    private readonly StateChanges _states = new(hops);
    private readonly RowChanges _rows = new(hops);

    /// <summary>The hops told so far.</summary>
    public Hops Hops { get; } = hops;

    /// <summary>Which of the states that vanish are redeemed.</summary>
    public Deliveries Deliveries => _states.Deliveries;

    /// <summary>Looks, tells, and returns what there is.</summary>
    public async Task<Sight> LookAsync()
    {
        await _one.WaitAsync();
        try
        {
            var sight = new Sight(await InTimeAsync(stores.LookAtStates()), await InTimeAsync(RowsAsync()));
            if (sight.States is { } states) _states.Tell(states);
            if (sight.Rows is { } rows) _rows.Tell(rows);
            return sight;
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

    private static async Task<T?> InTimeAsync<T>(Task<T?> look)
        where T : class
    {
        try
        {
            return await look.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
