using System.Net;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Audit;
using FathomGateway.Connect.Binding;
using FathomGateway.Settings;
using FathomGateway.State;
using FathomGateway.Users;

namespace FathomGateway.Connect.Clients;

/// <summary>The client that sent a request, as far as network and browser identify it.</summary>
/// <param name="Address">The client's address; null where the server does not know its peer's.</param>
/// <param name="UserAgent">The User-Agent field, or empty.</param>
/// <param name="Binder">Hash of the browser's binding cookie, or null.</param>
internal sealed record ClientInfo(IPAddress? Address, string UserAgent, string? Binder)
{
    /// <summary>The network to name in the audit log.</summary>
    public string Network => Address is null ? "unknown" : IPNetworks.Of(Address, v4Bits: 24, v6Bits: 64);

    public static ClientInfo Of(HttpContext context, TrustedProxies proxies) =>
        new(proxies.ClientOf(context), context.Request.Headers.UserAgent.ToString(), LinkBindingCookie.Find(context.Request));

    /// <summary>The record of a flow that this client starts.</summary>
    public AuthorizationState Begin(UserId userId, string? codeVerifier, SenderDigest digest) =>
        new(userId, codeVerifier) { Network = digest.Of(userId, Network), UserAgent = digest.Of(userId, UserAgent) };

    /// <summary>Compares this client with the one that started the flow.</summary>
    public ClientComparison ComparedTo(AuthorizationState begun, SenderDigest digest) =>
        new(Network, !digest.Matches(begun.Network, begun.UserId, Network), !digest.Matches(begun.UserAgent, begun.UserId, UserAgent));

    /// <summary>Whether both clients have the same binding cookie.</summary>
    public bool IsBoundTo(AuthorizationState begun) =>
        Binder is not null && begun.Binder is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Binder), Encoding.ASCII.GetBytes(begun.Binder));
}
