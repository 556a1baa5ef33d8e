using System.Net.Sockets;
using System.Text;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Leaks;

/// <summary>Every command that a Redis is sent, by its own <c>MONITOR</c>, scripts' commands among them.</summary>
internal sealed class RedisMonitor : IDisposable
{
    private readonly TcpClient _client = new();
    private readonly StringBuilder _heard = new();

    public string Heard
    {
        get
        {
            lock (_heard) return _heard.ToString();
        }
    }

    public static async Task<RedisMonitor> StartAsync(RedisServer redis)
    {
        var monitor = new RedisMonitor();
        await monitor._client.ConnectAsync("127.0.0.1", redis.Port);
        await monitor._client.GetStream().WriteAsync("MONITOR\r\n"u8.ToArray());
        _ = monitor.ListenAsync();
        await Eventually.BecomesTrueAsync(
            () => monitor.Heard.StartsWith("+OK", StringComparison.Ordinal), TimeSpan.FromSeconds(30), "Redis lets us listen");
        return monitor;
    }

    public void Dispose() => _client.Dispose();

    private async Task ListenAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await _client.GetStream().ReadAsync(buffer) is > 0 and var length)
            {
                lock (_heard) _heard.Append(Encoding.Latin1.GetString(buffer, 0, length));
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }
}
