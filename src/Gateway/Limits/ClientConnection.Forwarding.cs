namespace FathomGateway.Limits;

/// <content>What whoever forwards keeps with the connection.</content>
internal sealed partial class ClientConnection
{
    private IDisposable? _attachment;
    private bool _isClosed;

    /// <summary>Whether the end of the client's bytes leaves open what is sent to it.</summary>
    public bool IsHalfOpen { get; private set; }

    /// <summary>Set where the transport can end one half alone.</summary>
    public Func<bool>? EndWriting { get; init; }

    /// <summary>Keeps something that belongs to this connection alone, and is closed with it.</summary>
    public void Attach(IDisposable attachment)
    {
        Interlocked.Exchange(ref _attachment, attachment)?.Dispose();
        if (Volatile.Read(ref _isClosed)) Detach()?.Dispose();
    }

    /// <summary>Takes what was attached, or null.</summary>
    public IDisposable? Detach() => _attachment is null ? null : Interlocked.Exchange(ref _attachment, null);

    /// <summary>Called when the connection is closed.</summary>
    public void Close()
    {
        Volatile.Write(ref _isClosed, true);
        Detach()?.Dispose();
    }

    /// <summary>From now on the end of the client's bytes does not end what is sent to it: the connection is upgraded.</summary>
    public void KeepHalfOpen() => IsHalfOpen = true;

    /// <summary>Ends what is sent to the client, once all of it is sent; what the client sends goes on.</summary>
    /// <returns>False where the transport cannot do so.</returns>
    public bool TryEndWriting() => EndWriting?.Invoke() == true;
}
