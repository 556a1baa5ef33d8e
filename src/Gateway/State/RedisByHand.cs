using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using FathomGateway.Tls;
using StackExchange.Redis;

namespace FathomGateway.State;

/// <summary>Speaks to a Redis that the client library cannot use, a few words, to find out why: the library keeps the reason to itself.</summary>
internal sealed class RedisByHand(ConfigurationOptions options)
{
    private const int Port = 6379, TlsPort = 6380, SentinelPort = 26379;

    /// <summary>For all of it; an operator is watching.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private bool HasSentinels => !string.IsNullOrEmpty(options.ServiceName);

    /// <returns>What is wrong and what to do about it, or null where one of the servers answers as it should.</returns>
    public async Task<string?> FindFaultAsync(CancellationToken cancel)
    {
        var faults = await Task.WhenAll(options.EndPoints.Select(server => FaultOfAsync(server, cancel)));
        return faults.Contains(null) ? null : faults.FirstOrDefault();
    }

    private async Task<string?> FaultOfAsync(EndPoint server, CancellationToken cancel)
    {
        var (host, port) = server switch
        {
            DnsEndPoint named => (named.Host, named.Port),
            IPEndPoint numbered => (numbered.Address.ToString(), numbered.Port),
            // A socket file, which the library looks after alone.
            _ => ("", 0),
        };
        if (host.Length == 0) return null;
        if (port == 0) port = HasSentinels ? SentinelPort : options.Ssl ? TlsPort : Port;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        return await FaultOfAsync(host, port, limit.Token) is { } fault ? $"Redis at {host}:{port} {fault}." : null;
    }

    private async Task<string?> FaultOfAsync(string host, int port, CancellationToken limit)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, limit);
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "refuses the connection: check that it runs, and host and port in REDIS_URL",
                SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "has a name that nobody knows (DNS): correct the host in REDIS_URL",
                var other => $"cannot be reached ({other}): check host and port in REDIS_URL, and the network between",
            };
        }
        catch (OperationCanceledException)
        {
            return "does not answer a connection attempt: check host and port in REDIS_URL, and firewalls between";
        }

        return options.Ssl ? await ThroughTlsAsync(client.GetStream(), host, limit) : await TalkAsync(client.GetStream(), limit);
    }

    private async Task<string?> ThroughTlsAsync(NetworkStream stream, string host, CancellationToken limit)
    {
        var refused = SslPolicyErrors.None;
        await using var tls = new SslStream(stream, leaveInnerStreamOpen: true, (_, _, _, errors) => (refused = errors) == SslPolicyErrors.None);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = options.SslHost ?? host, CertificateChainPolicy = PeerCertificates.AsSent }, limit);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or OperationCanceledException)
        {
            return refused == SslPolicyErrors.None
                ? "does not speak TLS here: write redis:// instead of rediss://, or give the port of its TLS"
                : $"has a certificate that this machine does not trust ({refused}): give the host by the name in it, and trust its authority here";
        }

        return await TalkAsync(tls, limit);
    }

    private async Task<string?> TalkAsync(Stream stream, CancellationToken limit)
    {
        try
        {
            var greeting = options.Password is not { Length: > 0 } password ? "+"
                : await RespWord.AskAsync(stream, limit, options.User is { Length: > 0 } user ? ["AUTH", user, password] : ["AUTH", password]);
            // A sentinel may want no password where its servers do.
            if (HasSentinels) return OfSentinel(await RespWord.AskAsync(stream, limit, "SENTINEL", "get-master-addr-by-name", options.ServiceName!));
            return Of(greeting) ?? Of(await RespWord.AskAsync(stream, limit, "PING")) ?? OfRole(await RespWord.AskAsync(stream, limit, "ROLE"));
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            return failure is IOException ? HangsUp : "takes connections and does not answer: it hangs, or is something else than Redis";
        }
    }

    private const string HangsUp = "hangs up on plain text: if it expects TLS, write rediss:// instead of redis://";

    private static string? Of(string answer) => answer switch
    {
        // Closed; or an alert of TLS, which is never plain text.
        "" or ['\x15', ..] => HangsUp,
        ['+', ..] => null,
        ['-', ..] => RedisRemedies.Of(answer) ?? $"refuses ({answer[1..].Split(' ')[0]}): look at its log",
        _ => "is something else than Redis: correct host and port in REDIS_URL",
    };

    /// <summary>A user who may not ask for it is none the worse.</summary>
    private static string? OfRole(string answer) => answer.Contains("slave", StringComparison.Ordinal) ? RedisRemedies.Of("READONLY") : null;

    private string? OfSentinel(string answer) => answer switch
    {
        ['*', '2', ..] => null,
        ['*', '-', ..] => $"is a sentinel that knows no primary named {options.ServiceName}: correct serviceName in REDIS_URL",
        ['-', 'E', 'R', 'R', ..] => "is no sentinel: leave serviceName out of REDIS_URL, or list the sentinels there",
        _ => Of(answer),
    };
}
