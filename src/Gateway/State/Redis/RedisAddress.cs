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

    /// <summary>
    /// How often the client library checks its connection. It is short, because a redeem whose answer was lost waits for a new connection.
    /// </summary>
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The first and the longest pause between two attempts to connect. The library varies each by a fifth, so that not all replicas
    /// connect at once to a Redis that comes back.
    /// </summary>
    private static readonly TimeSpan FirstReconnectPause = TimeSpan.FromMilliseconds(250), MaxReconnectPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Silence after which the library sends a command to keep the connection open. A connection that broke without a signal is detected
    /// before a user needs it.
    /// </summary>
    private const int KeepAliveSeconds = 10;

    /// <summary>How often the servers' roles are queried. A replica that is promoted by hand does not announce it.</summary>
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

        // The process starts and proxies without Redis. Until Redis is connected, a call fails at once instead of waiting in a queue.
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        var timeout = (int)OperationTimeout.TotalMilliseconds;
        options.ConnectTimeout = timeout;
        options.AsyncTimeout = timeout;
        options.SyncTimeout = timeout;
        options.HeartbeatInterval = HeartbeatInterval;
        options.ReconnectRetryPolicy = new ExponentialRetry(
            (int)FirstReconnectPause.TotalMilliseconds, (int)MaxReconnectPause.TotalMilliseconds);
        options.KeepAlive = KeepAliveSeconds;
        options.ConfigCheckSeconds = RoleCheckSeconds;
        // Disables other clients' announcements of a new primary. They would need a second connection, and the roles are queried anyway.
        options.ConfigurationChannel = "";
        // The details would contain keys, which hold nonces.
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
