using System.Net;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Audit;
using FathomGateway.Connect.Binding;
using FathomGateway.Settings;
using FathomGateway.State;
using FathomGateway.Users;

namespace FathomGateway.Connect.Clients;

/// <summary>Who sent a request, as far as the network and the browser tell.</summary>
/// <param name="Address">The client's address; null where the server does not know its peer's.</param>
/// <param name="UserAgent">The User-Agent field, empty where there is none.</param>
/// <param name="Binder">Hash of the browser's binder cookie, or null.</param>
internal sealed record ClientInfo(IPAddress? Address, string UserAgent, string? Binder)
{
    /// <summary>The network that the audit log names.</summary>
    public string Network => Address is null ? "unknown" : IPNetworks.Of(Address, v4Bits: 24, v6Bits: 64);

    public static ClientInfo Of(HttpContext context, TrustedProxies proxies) =>
        new(proxies.ClientOf(context), context.Request.Headers.UserAgent.ToString(), LinkBindingCookie.Find(context.Request));

    /// <summary>The record of a flow that this sender begins.</summary>
    public AuthorizationState Begin(UserId userId, string? codeVerifier, SenderDigest digest) =>
        new(userId, codeVerifier) { Network = digest.Of(userId, Network), UserAgent = digest.Of(userId, UserAgent) };

    /// <summary>This sender beside the one that began.</summary>
    public ClientComparison ComparedTo(AuthorizationState begun, SenderDigest digest) =>
        new(Network, !digest.Matches(begun.Network, begun.UserId, Network), !digest.Matches(begun.UserAgent, begun.UserId, UserAgent));

    /// <summary>Whether the browser is the one that began: both have a binder cookie, and it is the same.</summary>
    public bool IsBoundTo(AuthorizationState begun) =>
        Binder is not null && begun.Binder is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Binder), Encoding.ASCII.GetBytes(begun.Binder));
}
