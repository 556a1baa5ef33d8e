using System.Net.Sockets;
using System.Security.Authentication;
using FathomGateway.Settings;
using FathomGateway.State.Redis;
using StackExchange.Redis;

namespace FathomGateway.Cli.StoreChecks;

/// <summary>
/// Determines why the client library cannot use Redis. It makes separate connections, because the commands of the shared connection fail at
/// once, and their exceptions do not name the reason. A connection that gives up at the first failure reports a wrong password. A command
/// that waits for a connection reports all other reasons.
/// </summary>
internal sealed class RedisDiagnostics(ConfigurationOptions options)
{
    /// <summary>
    /// Time limits, which are short because an operator is waiting. A command waits longer than a handshake, to report why the handshake
    /// failed.
    /// </summary>
    private const int ConnectMilliseconds = 1500, CommandMilliseconds = 4000;

    /// <returns>The fault with its remedy, or null where one of the servers answers correctly.</returns>
    public async Task<string?> FindFaultAsync(CancellationToken cancel)
    {
        var failure = await FailureAsync(givesUp: true, cancel);
        if (failure is { InnerException: null } and not RedisServerException && !IsOfSentinel(failure))
        {
            failure = await FailureAsync(givesUp: false, cancel);
        }

        return failure is null ? null : $"Redis {Describe(failure)}.";
    }

    private Task<Exception?> FailureAsync(bool givesUp, CancellationToken cancel) => RedisTestConnection.RunAsync(
        options,
        own =>
        {
            (own.AbortOnConnectFail, own.BacklogPolicy) = (givesUp, BacklogPolicy.Default);
            (own.ConnectTimeout, own.AsyncTimeout, own.SyncTimeout) = (ConnectMilliseconds, CommandMilliseconds, CommandMilliseconds);
        },
        cancel);

    private string Describe(Exception failure)
    {
        for (var one = failure; one is not null; one = one.InnerException)
        {
            if (DescribeOne(one) is { } found) return found;
        }

        return "takes connections and does not answer: it hangs, or is something else than Redis";
    }

    private string? DescribeOne(Exception one) => one switch
    {
        SocketException socket when SocketErrorHints.Of(socket, StoreChoice.RedisUrlName) is { } remedy => remedy,
        SocketException { SocketErrorCode: var other } when !options.Ssl
            && other is not (SocketError.ConnectionReset or SocketError.OperationAborted) =>
            $"cannot be reached ({other}): check host and port in {StoreChoice.RedisUrlName}, and the network between",
        AuthenticationException when one.Message.Contains("certificate", StringComparison.Ordinal) =>
            $"has a certificate that this machine does not trust ({one.Message[(one.Message.LastIndexOf(':') + 1)..].Trim()}): "
                + "give the host by the name in it, and trust its authority here",

        AuthenticationException or IOException when options.Ssl =>
            "does not speak TLS here: write redis:// instead of rediss://, or give the port of its TLS",
        IOException => "hangs up on plain text: if it expects TLS, write rediss:// instead of redis://",
        _ when IsOfSentinel(one) => one.Message.Contains("not a Sentinel", StringComparison.Ordinal)
            ? $"is no sentinel: leave serviceName out of {StoreChoice.RedisUrlName}, or list the sentinels there"
            : $"is a sentinel that knows no primary of that name: correct serviceName in {StoreChoice.RedisUrlName}",
        _ when one.Message.Contains("RESP protocol", StringComparison.Ordinal) =>
            $"is something else than Redis: correct host and port in {StoreChoice.RedisUrlName}",
        RedisConnectionException { FailureType: ConnectionFailureType.SocketClosed } when one.InnerException is null =>
            "hangs up on plain text: if it expects TLS, write rediss:// instead of redis://",
        // The library's own messages about its exceptions also contain the names of Redis errors.
        RedisConnectionException => null,
        _ => RedisErrorHints.Of(one.Message),
    };

    private static bool IsOfSentinel(Exception failure) => failure.Message.StartsWith("Sentinel:", StringComparison.Ordinal);
}
