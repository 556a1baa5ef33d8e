namespace FathomGateway.Tokens;

/// <summary>A connection as lists show it, to the backend and to an operator. It has no token.</summary>
/// <param name="Status">One of <see cref="ConnectionStatus"/>.</param>
/// <param name="Reason">Why the user has to connect again; null where they do not.</param>
internal sealed record ShownConnection(
    string UserId, string Status, DateTimeOffset ConnectedAt, DateTimeOffset ExpiresAt, string? Scope, long Version, string? Reason)
{
    /// <param name="reconnect">As the row and the keys tell; null where the connection can be used.</param>
    public static ShownConnection Of(Connection row, ReconnectRequired? reconnect) => new(
        row.UserId.Value,
        ConnectionStatus.Of(reconnect),
        row.ConnectedAt.ToUniversalTime(),
        row.ExpiresAt.ToUniversalTime(),
        row.Scope,
        row.Version,
        reconnect?.Reason);
}
