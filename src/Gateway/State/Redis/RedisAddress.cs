using System.Net.Security;
using System.Security.Authentication;
using FathomGateway.Settings;
using FathomGateway.Tls;
using StackExchange.Redis;

namespace FathomGateway.State.Redis;

/// <summary>Reads <c>REDIS_URL</c> and completes it by the gateway's own limits.</summary>
internal static class RedisAddress
{
    /// <summary>How long one command may take. A user is waiting, and /fathom/connect promises its answer within two seconds.</summary>
    public static readonly TimeSpan OperationTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How often the client library checks its connection. A redeem whose answer was lost waits for a new connection.</summary>
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The first and the longest pause between two attempts to connect. The library varies each by a fifth, so that not all replicas
    /// connect at once to a Redis that comes back.
    /// </summary>
    private static readonly TimeSpan FirstReconnectPause = TimeSpan.FromMilliseconds(250), MaxReconnectPause = TimeSpan.FromSeconds(1);

    /// <summary>How often the servers are asked for their role: a replica that is promoted by hand does not announce it.</summary>
    private const int RoleCheckSeconds = 5;

    /// <returns>The client library's options, or null with a fault.</returns>
    public static ConfigurationOptions? Read(SettingsReader settings, string text)
    {
        ConfigurationOptions options;
        try
        {
            options = RedisAddressParser.Parse(text, settings);
        }
        catch (SettingValueException failure)
        {
            settings.Fault(StoreChoice.RedisUrlName, failure.Message);
            return null;
        }

        // The process starts, proxies and waits for Redis. Until then a call fails at once instead of queueing up.
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        var timeout = (int)OperationTimeout.TotalMilliseconds;
        options.ConnectTimeout = timeout;
        options.AsyncTimeout = timeout;
        options.SyncTimeout = timeout;
        options.HeartbeatInterval = HeartbeatInterval;
        options.ReconnectRetryPolicy = new ExponentialRetry(
            (int)FirstReconnectPause.TotalMilliseconds, (int)MaxReconnectPause.TotalMilliseconds);
        // Seconds: a connection that died silently is noticed before a user does.
        options.KeepAlive = 10;
        options.ConfigCheckSeconds = RoleCheckSeconds;
        // Other clients' announcements of a new primary: they would cost a second connection, and the roles are asked for all the same.
        options.ConfigurationChannel = "";
        // Keys carry nonces.
        options.IncludeDetailInExceptions = false;
        options.ClientName ??= "fathom-gateway";
        options.SslClientAuthenticationOptions = host => new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = options.SslProtocols ?? SslProtocols.None,
            CertificateChainPolicy = OutgoingTls.AsSent,
        };
        return options;
    }
}
