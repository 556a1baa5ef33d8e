using System.Net;
using FathomGateway.Settings;
using FathomGateway.Users;

namespace FathomGateway.Connect.Clients;

/// <summary>Rate limits of the gateway's own public routes. Proxied requests are not limited.</summary>
internal sealed class ConnectRateLimits(TimeProvider time)
{
    /// <summary>Attempts that a user can make at once, for users who click again.</summary>
    private const int UserBurst = 5;

    /// <summary>
    /// One more attempt about every six seconds: ten a minute. The value is a little less than six, because clocks differ. A client that
    /// waits for <c>Retry-After</c>, in whole seconds, must succeed.
    /// </summary>
    private static readonly TimeSpan UserRefill = TimeSpan.FromSeconds(5.8);

    /// <summary>Callbacks that one address can send at once. An office may have one address.</summary>
    private const int AddressBurst = 30;

    /// <summary>Sixty a minute.</summary>
    private static readonly TimeSpan AddressRefill = TimeSpan.FromSeconds(1);

    private readonly KeyedRateLimiter<string> _callback = new(AddressBurst, AddressRefill, time);

    /// <summary>Attempts to connect. Each leaves a record in the state store.</summary>
    public KeyedRateLimiter<UserId> Connect { get; } = new(UserBurst, UserRefill, time);

    /// <summary>Attempts to confirm.</summary>
    public KeyedRateLimiter<UserId> Confirm { get; } = new(UserBurst, UserRefill, time);

    /// <summary>
    /// Whether a callback with a validly signed state may use the stores. A private address that is no trusted proxy is not limited: it
    /// stands for all users behind it, who would share one limit.
    /// </summary>
    public bool AllowCallback(IPAddress? client) =>
        client is null || IPNetworks.IsPrivate(client) || _callback.Check(IPNetworks.Of(client, v4Bits: 32, v6Bits: 64)) is null;
}
