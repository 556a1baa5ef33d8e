namespace FathomGateway.Tokens;

/// <summary>A connection as it stood at one moment of the database's clock. No replica's own clock decides whether a token is fresh or a lease is up.</summary>
/// <param name="Now">The database's clock at the read.</param>
/// <param name="LeaseOwner">Who refreshes it, or did last without ending the lease; null where nobody does.</param>
/// <param name="LeaseUntil">When that lease is up.</param>
internal sealed record ConnectionReading(Connection Connection, DateTimeOffset Now, Guid? LeaseOwner, DateTimeOffset? LeaseUntil)
{
    /// <summary>How long the access token can still be used; not positive once it is over.</summary>
    public TimeSpan Left => Connection.ExpiresAt - Now;

    /// <summary>Whether the row still is what the lease was taken on: the same grant, and no refresh since.</summary>
    public bool IsOf(RefreshLease lease) => Connection.GrantId == lease.GrantId && Connection.Version == lease.Version;
}
