using FathomGateway.Keys;
using FathomGateway.Users;

namespace FathomGateway.Audit;

/// <summary>
/// The audit log: who linked, re-linked, tried or lost a connection, when, from which network, and with which outcome. Writes one
/// structured line per event in the category <c>FathomGateway.Audit</c>, so that a log pipeline can keep it longer than other lines. Lines
/// hold no secret and no full IP address.
/// </summary>
internal sealed partial class AuditLog(ILoggerFactory logs, KeyRing ring, TimeProvider time)
{
    /// <summary>The log category of every event.</summary>
    public const string Category = "FathomGateway.Audit";

    private readonly ILogger _log = logs.CreateLogger(Category);

    private DateTimeOffset Now => time.GetUtcNow();

    public void ConnectStarted(UserId user, string network) => ConnectStarted(_log, user.Printable, Now, network);

    /// <summary>
    /// Tokens were committed. <paramref name="formerSince"/> is the start of the connection that they replace, or null where they replace
    /// none.
    /// </summary>
    public void Linked(UserId user, DateTimeOffset? formerSince, string binding, ClientComparison sender)
    {
        var kid = ring.Current.Kid;
        if (formerSince is { } since)
        {
            Relinked(_log, user.Printable, Now, since, binding, sender.Network, sender.NetworkDiffers, sender.UserAgentDiffers, kid);
        }
        else Linked(_log, user.Printable, Now, binding, sender.Network, sender.NetworkDiffers, sender.UserAgentDiffers, kid);
    }

    /// <summary>Tokens were committed after an outage of the database. The attempt is already on record as refused.</summary>
    public void LinkedLate(UserId user) => LinkedLate(_log, user.Printable, Now, ring.Current.Kid);

    /// <summary>An attempt to connect has ended without a connection.</summary>
    /// <param name="outcome">The code that the frontend gets.</param>
    public void Refused(UserId user, string outcome, string network) => Refused(_log, user.Printable, Now, outcome, network);

    /// <summary>
    /// Another user than the one who started tried to confirm a link: a sign of an attack, or of two people at one computer.
    /// </summary>
    public void ConfirmedByAnother(UserId user, UserId by, string network) =>
        ConfirmedByAnother(_log, user.Printable, Now, by.Printable, network);

    /// <summary>A connection was deleted on request.</summary>
    /// <param name="actor">One of <see cref="DisconnectActor"/>.</param>
    /// <param name="revocation">The provider's answer to the revocation: <c>yes</c>, <c>no</c> or <c>unsupported</c>.</param>
    public void Disconnected(UserId user, string actor, string revocation) =>
        Disconnected(_log, user.Printable, Now, actor, revocation);

    /// <summary>A connection is unusable until its user connects again.</summary>
    /// <param name="reason">A fixed word, never the provider's text.</param>
    public void ReconnectRequired(UserId user, string reason) => ReconnectRequired(_log, user.Printable, Now, reason);

    /// <summary>The internal API key was used for one user.</summary>
    /// <param name="action">A fixed word for the request, such as <c>access-token</c>.</param>
    /// <param name="outcome">A fixed word for the result.</param>
    public void KeyUsed(UserId user, string action, string outcome) => KeyUsed(_log, user.Printable, Now, action, outcome);

    /// <summary>The internal API key was used for a request that concerns no single user.</summary>
    /// <inheritdoc cref="KeyUsed(UserId, string, string)"/>
    public void KeyUsed(string action, string outcome) => KeyUsedForList(_log, Now, action, outcome);
}
