using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>
/// The right to refresh one version of one connection, written into its row. It is a fence, not a lock: it runs out by itself, and what a
/// late holder writes is refused, because the row then has another owner or another version.
/// </summary>
/// <param name="GrantId">With the version, since a row that was deleted and made anew counts from 1 again.</param>
/// <param name="Owner">New for every attempt, so that nobody can take an older lease of his own for this one.</param>
internal sealed record RefreshLease(UserId UserId, Guid GrantId, long Version, Guid Owner)
{
    /// <summary>By the database's clock. Room for a call to the provider, a second one where the first stays in doubt, and the save.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    public static RefreshLease Of(Connection connection) => new(connection.UserId, connection.GrantId, connection.Version, Guid.NewGuid());
}
