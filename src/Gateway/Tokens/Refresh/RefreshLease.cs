using FathomGateway.Tokens.Databases;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Refresh;

/// <summary>One version of one connection. What was made of its tokens may replace them, and nothing else.</summary>
/// <param name="GrantId">With the version, since a row that was deleted and made anew counts from 1 again.</param>
internal record RefreshFence(UserId UserId, Guid GrantId, long Version)
{
    public virtual SqlParameters ToParameters() => new() { ["UserId"] = UserId, ["GrantId"] = GrantId, ["Version"] = Version };
}

/// <summary>
/// The right to call the provider for one version of one connection, written into its row. It runs out by itself. It does not decide what
/// is saved: a holder who wakes late may have the only tokens that work.
/// </summary>
/// <param name="Owner">New for every attempt, so that nobody can take an older lease of his own for this one.</param>
internal sealed record RefreshLease(UserId UserId, Guid GrantId, long Version, Guid Owner) : RefreshFence(UserId, GrantId, Version)
{
    /// <summary>By the database's clock. Room for a call to the provider, a second one where the first is in doubt, and the save.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    public override SqlParameters ToParameters() => new(base.ToParameters()) { ["Owner"] = Owner };

    public static RefreshLease Of(Connection connection) => new(connection.UserId, connection.GrantId, connection.Version, Guid.NewGuid());
}
