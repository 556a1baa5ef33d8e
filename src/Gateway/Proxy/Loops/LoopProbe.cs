using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;

namespace FathomGateway.Proxy.Loops;

/// <summary>
/// Finds that the backend leads back to this gateway by way of others: two gateways that point at each other, or a load balancer between.
/// Each time round, a request is one more that is under way. So when there are many, one request of the gateway's own is sent to the
/// backend, with a number that nobody can guess; where it comes in here, there is a loop.
/// </summary>
/// <remarks>
/// What came in the same way as the probe (from the same address, under the same <c>Host</c>) is answered 508 for a while; whatever comes
/// in another way is forwarded as before. No field is added to a client's request.
/// </remarks>
/// <param name="hostFromClient">Whether <c>Host</c> goes round as clients wrote it, so that it tells nothing about the way; see <see
/// cref="ProxyOptions.HostFromClient"/>.</param>
/// <param name="send">Sends a HEAD for <see cref="Path"/> to the backend, as requests are forwarded to it, with the given value of <see
/// cref="FieldName"/>.</param>
internal sealed partial class LoopProbe(
    TimeProvider time, bool hostFromClient, Func<string, CancellationToken, Task> send, ILogger<LoopProbe> log)
{
    /// <summary>Name of the field that holds the number.</summary>
    public const string FieldName = "X-Gateway-Loop-Probe";

    /// <summary>A path that no backend has (RFC 8615): most answer 404, and their log says what asked.</summary>
    public const string Path = "/.well-known/fathom-gateway-loop-probe";

    /// <summary>
    /// Requests under way from which on it is looked, and then at every doubling: fewer harm nobody, and a quiet gateway never asks.
    /// </summary>
    private const int FirstLook = 128;

    /// <summary>At most one look in this time for each of those numbers: a busy gateway passes them all the time.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>How long what came the same way is refused, before it is looked again: the operator may have mended it.</summary>
    private static readonly TimeSpan Refusal = TimeSpan.FromSeconds(10);

    /// <summary>How long a probe may be under way: in a loop it comes back in milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int Bits = 128;

    private readonly long?[] _looked = new long?[32];
    private int _underWay;
    private volatile string? _probe;
    private volatile Loop? _loop;

    /// <summary>A request is forwarded from now on. To be followed by one <see cref="End"/>.</summary>
    public void Begin()
    {
        var count = Interlocked.Increment(ref _underWay);
        if (count >= FirstLook && BitOperations.IsPow2(count)) LookOnceInAWhile(BitOperations.Log2((uint)count));
    }

    public void End() => Interlocked.Decrement(ref _underWay);

    /// <summary>Whether a request came round. To be asked before it is forwarded.</summary>
    public bool IsLoop(HttpContext context)
    {
        if (_probe is { } sent && context.Request.Headers.TryGetValue(FieldName, out var number) && sent == number)
        {
            if (_loop is null) Found(log);
            _loop = new Loop(Peer(context), Host(context), time.GetTimestamp());
            return true;
        }

        if (_loop is not { } loop || Host(context) != loop.Host || !Equals(Peer(context), loop.Peer)) return false;
        if (time.GetElapsedTime(loop.Found) < Refusal) return true;
        // Whoever is the first afterwards makes it look again, and goes on: where the loop is still there, it is met before long.
        if (Interlocked.CompareExchange(ref _loop, null, loop) == loop) Look();
        return false;
    }

    private void LookOnceInAWhile(int level)
    {
        lock (_looked)
        {
            if (_looked[level] is { } looked && time.GetElapsedTime(looked) < Pause) return;
            _looked[level] = time.GetTimestamp();
        }

        Look();
    }

    private void Look()
    {
        var number = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(Bits / 8));
        _probe = number;
        _ = SendAsync(number);
    }

    private async Task SendAsync(string number)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            await send(number, limit.Token);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A backend that does not answer is no loop; requests tell of it themselves.
            NotSent(log, failure);
        }

        Interlocked.CompareExchange(ref _probe, null, number);
    }

    private string? Host(HttpContext context) => hostFromClient ? null : context.Request.Host.Value;

    private static IPAddress? Peer(HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;

    private sealed record Loop(IPAddress? Peer, string? Host, long Found);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The backend leads back to this gateway by way of others: requests that come round are answered 508. "
            + "Set BACKEND_URL to the address of the backend itself.")]
    private static partial void Found(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A probe for a loop was not answered.")]
    private static partial void NotSent(ILogger log, Exception failure);
}
