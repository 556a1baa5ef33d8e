using StackExchange.Redis;

namespace FathomGateway.State.Redis;

/// <summary>Makes a separate connection once, to learn why the shared connection fails.</summary>
internal static class RedisTestConnection
{
    /// <param name="change">Changes the settings for this connection alone.</param>
    /// <returns>The failure; null where Redis answers.</returns>
    public static async Task<Exception?> RunAsync(
        ConfigurationOptions settings, Action<ConfigurationOptions> change, CancellationToken cancel)
    {
        var own = settings.Clone();
        // The library's clone lacks these options.
        own.SslClientAuthenticationOptions = settings.SslClientAuthenticationOptions;
        own.ConnectRetry = 1;
        change(own);
        try
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync(own).WaitAsync(cancel);
            await connection.GetDatabase().PingAsync().WaitAsync(cancel);
            return null;
        }
        catch (Exception failure) when (RedisFaults.IsOne(failure))
        {
            return failure;
        }
    }
}
