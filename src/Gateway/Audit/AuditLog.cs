using FathomGateway.Keys;
using FathomGateway.Tokens;
using FathomGateway.Users;

namespace FathomGateway.Audit;

/// <summary>
/// What an auditor asks for afterwards: who linked, re-linked, tried or lost a connection, when, from which network, and how it ended. One structured
/// line an event in a category of its own, <c>FathomGateway.Audit</c>, so that a log pipeline can keep it longer than the rest. Never a secret, and no whole address.
/// </summary>
internal sealed partial class AuditLog(ILoggerFactory logs, KeyRing ring, TimeProvider time)
{
    /// <summary>The category of every event.</summary>
    public const string Category = "FathomGateway.Audit";

    private readonly ILogger _log = logs.CreateLogger(Category);

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>A user has begun to connect.</summary>
    public void ConnectStarted(UserId user, string network) => ConnectStarted(_log, user.Value, Now, network);

    /// <summary>Tokens are committed; <paramref name="formerSince"/> is when the connection that they replace was made, or null where they replace none.</summary>
    public void Linked(UserId user, DateTimeOffset? formerSince, string binding, ClientComparison sender)
    {
        var kid = ring.Current.Kid;
        if (formerSince is { } since) Relinked(_log, user.Value, Now, since, binding, sender.Network, sender.NetworkDiffers, sender.UserAgentDiffers, kid);
        else Linked(_log, user.Value, Now, binding, sender.Network, sender.NetworkDiffers, sender.UserAgentDiffers, kid);
    }

    /// <summary>Tokens are committed that could not be when they were issued; the attempt is on record as refused.</summary>
    public void LinkedLate(UserId user) => LinkedLate(_log, user.Value, Now, ring.Current.Kid);

    /// <summary>An attempt to connect this user has ended without a connection.</summary>
    /// <param name="outcome">The code that the frontend is told.</param>
    public void Refused(UserId user, string outcome, string network) => Refused(_log, user.Value, Now, outcome, network);

    /// <summary>A parked code was brought back by another user: the mark of an attack, or of two people at one computer.</summary>
    public void ConfirmedByAnother(UserId user, UserId by, string network) => ConfirmedByAnother(_log, user.Value, Now, by.Value, network);

    /// <summary>A connection was deleted on request.</summary>
    /// <param name="revocation">What the provider said to it: <c>yes</c>, <c>no</c> or <c>unsupported</c>.</param>
    public void Disconnected(UserId user, string revocation) => Disconnected(_log, user.Value, Now, revocation);

    /// <summary>A connection can be used no more until its user connects again.</summary>
    /// <param name="reason">A fixed word, never a provider's text.</param>
    public void ReconnectRequired(UserId user, string reason) => ReconnectRequired(_log, user.Value, Now, reason);

    /// <summary>The internal API key was used to act for a user.</summary>
    /// <param name="action">A fixed word for what was asked, such as <c>access-token</c>.</param>
    /// <param name="outcome">A fixed word for how it ended.</param>
    public void KeyUsed(UserId user, string action, string outcome) => KeyUsed(_log, user.Value, Now, action, outcome);

    /// <summary>The internal API key was used for what is no one user's.</summary>
    /// <inheritdoc cref="KeyUsed(UserId, string, string)"/>
    public void KeyUsed(string action, string outcome) => KeyUsedForList(_log, Now, action, outcome);
}
