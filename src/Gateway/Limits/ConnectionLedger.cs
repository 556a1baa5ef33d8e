namespace FathomGateway.Limits;

/// <summary>What the connections of the whole process hold, and how much they may.</summary>
internal sealed class ConnectionLedger
{
    private long _memory;

    public bool TryCharge(long memory, long ofConnection)
    {
        Interlocked.Add(ref _memory, memory);
        return ofConnection < long.MaxValue;
    }

    public void Release(long memory) => Interlocked.Add(ref _memory, -memory);
}
