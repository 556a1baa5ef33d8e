using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using FathomGateway.Settings;

namespace FathomGateway.Proxy.Loops;

/// <summary>
/// Detects a loop through other hops: two gateways that point at each other, or a load balancer in between. In a loop the number of
/// requests in progress grows with each round. When there are many, the gateway sends one request with a random number to the backend. If
/// that number arrives here, there is a loop.
/// </summary>
/// <remarks>
/// Requests that arrive the same way as the probe (same peer address, same <c>Host</c>) are answered 508 for a while. All others are
/// forwarded as before. No field is added to a client's request.
/// </remarks>
/// <param name="hostFromClient">Whether <c>Host</c> is forwarded as clients wrote it, so that it does not identify the way; see
/// <see cref="ProxyOptions.HostFromClient"/>.</param>
/// <param name="send">Sends a HEAD for <see cref="Path"/> to the backend, with the given value of <see cref="FieldName"/>.</param>
internal sealed partial class LoopProbe(
    TimeProvider time, bool hostFromClient, Func<string, CancellationToken, Task> send, ILogger<LoopProbe> log)
{
    /// <summary>Name of the field that holds the random number.</summary>
    public const string FieldName = "X-Gateway-Loop-Probe";

    /// <summary>A path that no backend uses (RFC 8615). Most backends answer 404, and the path in their log explains the request.</summary>
    public const string Path = "/.well-known/fathom-gateway-loop-probe";

    /// <summary>
    /// Number of requests in progress at which the first probe is sent; further ones follow at every doubling. Fewer requests do no harm,
    /// and a quiet gateway sends no probe.
    /// </summary>
    private const int FirstProbe = 128;

    /// <summary>At most one probe per level in this time, because a busy gateway crosses the levels often.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>How long requests of the loop are refused before the next probe. The operator may have fixed the configuration.</summary>
    private static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(10);

    /// <summary>Time limit of a probe. In a loop it returns within milliseconds.</summary>
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Hexadecimal digits of the random number, which is 128 bits: no sender can guess it.</summary>
    private const int NumberLength = 32;

    /// <summary>One level for each power of two that the number of requests in progress can have.</summary>
    private const int Levels = 32;

    private readonly long?[] _probed = new long?[Levels];
    private int _underWay;
    private volatile string? _probe;
    private volatile Loop? _loop;

    /// <summary>Counts a request that is being forwarded. One <see cref="End"/> must follow.</summary>
    public void Begin()
    {
        var count = Interlocked.Increment(ref _underWay);
        if (count >= FirstProbe && BitOperations.IsPow2(count)) ProbeOncePerPause(BitOperations.Log2((uint)count));
    }

    public void End() => Interlocked.Decrement(ref _underWay);

    /// <summary>Whether a request is part of a loop. Call it before the request is forwarded.</summary>
    public bool IsLoop(HttpContext context)
    {
        if (_probe is { } sent && context.Request.Headers.TryGetValue(FieldName, out var number) && sent == number)
        {
            if (_loop is null) Found(log);
            _loop = new Loop(Peer(context), Host(context), time.GetTimestamp());
            return true;
        }

        if (_loop is not { } loop || Host(context) != loop.Host || !Equals(Peer(context), loop.Peer)) return false;
        if (time.GetElapsedTime(loop.Found) < RefusalTime) return true;
        // The first request after that time sends a new probe and is forwarded. If the loop still exists, the probe detects it.
        if (Interlocked.CompareExchange(ref _loop, null, loop) == loop) StartProbe();
        return false;
    }

    private void ProbeOncePerPause(int level)
    {
        lock (_probed)
        {
            if (_probed[level] is { } last && time.GetElapsedTime(last) < Pause) return;
            _probed[level] = time.GetTimestamp();
        }

        StartProbe();
    }

    private void StartProbe()
    {
        var number = RandomNumberGenerator.GetHexString(NumberLength, lowercase: true);
        _probe = number;
        _ = SendAsync(number);
    }

    private async Task SendAsync(string number)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var limit = new CancellationTokenSource(ProbeTimeout, time);
        try
        {
            await send(number, limit.Token);
        }
        catch (Exception failure)
        {
            // A backend that does not answer is no loop. Proxied requests report that failure.
            NotSent(log, failure);
        }

        Interlocked.CompareExchange(ref _probe, null, number);
    }

    private string? Host(HttpContext context) => hostFromClient ? null : context.Request.Host.Value;

    private static IPAddress? Peer(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } peer ? IPNetworks.Plain(peer) : null;

    private sealed record Loop(IPAddress? Peer, string? Host, long Found);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The backend address leads back to this gateway through other hops: requests of the loop are answered 508. "
            + "Set BACKEND_URL to the address of the backend itself.")]
    private static partial void Found(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The probe for a loop got no response.")]
    private static partial void NotSent(ILogger log, Exception failure);
}
