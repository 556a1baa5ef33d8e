namespace FathomGateway.Tokens.Refresh;

/// <summary>
/// Opens when the provider refuses this client itself (<c>invalid_client</c>): every refresh would be refused alike until somebody has
/// mended the settings, so none is sent for a while. It is no user's fault, and no user is marked.
/// </summary>
internal sealed class ClientCircuit(TimeProvider clock)
{
    /// <summary>Short enough that a secret corrected at the provider is noticed, long enough not to hammer it.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private long? _openedAt;

    /// <summary>How long no refresh is to be sent; null while they may be.</summary>
    public TimeSpan? Rest
    {
        get
        {
            lock (_gate)
            {
                return _openedAt is { } openedAt && Pause - clock.GetElapsedTime(openedAt) is var rest && rest > TimeSpan.Zero
                    ? rest
                    : null;
            }
        }
    }

    public void Open()
    {
        lock (_gate) _openedAt = clock.GetTimestamp();
    }
}
