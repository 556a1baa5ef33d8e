using System.Net;
using FathomGateway.Settings;
using FathomGateway.Users;

namespace FathomGateway.Connect.Clients;

/// <summary>How often the gateway's own routes may be asked. Proxied requests are not counted.</summary>
internal sealed class ConnectRateLimits : IDisposable
{
    /// <summary>Attempts at once, for people who click again.</summary>
    private const int UserBurst = 5;

    /// <summary>
    /// One more every six seconds: ten a minute. A little less, because the limiter looks at its clock ten times a second,
    /// and who waits as long as <c>Retry-After</c> says, in whole seconds, must find it done.
    /// </summary>
    private static readonly TimeSpan UserRefill = TimeSpan.FromSeconds(5.8);

    /// <summary>Callbacks at once from one address: an office behind one.</summary>
    private const int AddressBurst = 30;

    /// <summary>Sixty a minute.</summary>
    private static readonly TimeSpan AddressRefill = TimeSpan.FromSeconds(1);

    private readonly KeyedRateLimiter<string> _callback = new(AddressBurst, AddressRefill);

    /// <summary>Attempts to begin: each leaves a record in the state store.</summary>
    public KeyedRateLimiter<UserId> Connect { get; } = new(UserBurst, UserRefill);

    /// <summary>Attempts to confirm.</summary>
    public KeyedRateLimiter<UserId> Confirm { get; } = new(UserBurst, UserRefill);

    /// <summary>
    /// Whether a callback with a state of ours may go on to ask the stores. A peer on a private network that nobody has named as a proxy
    /// is not counted: its address stands for all users behind it, who would be limited together.
    /// </summary>
    public bool AllowCallback(IPAddress? client) =>
        client is null || IPNetworks.IsPrivate(client) || _callback.Check(IPNetworks.Of(client, v4Bits: 32, v6Bits: 64)) is null;

    public void Dispose()
    {
        Connect.Dispose();
        Confirm.Dispose();
        _callback.Dispose();
    }
}
