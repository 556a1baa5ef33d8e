namespace FathomGateway.Tokens;

/// <summary>A moment by the database's clock, before an exchange.</summary>
/// <param name="ConnectedAt">Since when the user has a connection; null where there is none.</param>
internal sealed record ConnectionMoment(DateTimeOffset Now, DateTimeOffset? ConnectedAt);
