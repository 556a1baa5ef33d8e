using FathomGateway.Tokens.Databases;
using FathomGateway.Users;

namespace FathomGateway.Tokens.Refresh;

/// <summary>
/// The refresh lease: the right to call the provider for one version of one connection, written into the row of the connection.
/// <see cref="FreshAccessToken"/> takes it with <see cref="ConnectionStore.TakeLeaseAsync"/>, and it expires by itself. It does not
/// restrict the save: a holder whose lease has expired may have the only tokens that work.
/// </summary>
/// <param name="GrantId">Needed beside the version: a row that was deleted and created again starts with version 1 again.</param>
/// <param name="Owner">New for every attempt, which tells this lease from an older one.</param>
internal sealed record RefreshLease(UserId UserId, Guid GrantId, long Version, Guid Owner)
{
    /// <summary>
    /// By the database's clock. Long enough for a call to the provider, a second call where the first is in doubt, and the save.
    /// </summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    public static RefreshLease Of(Connection connection) => new(connection.UserId, connection.GrantId, connection.Version, Guid.NewGuid());

    public SqlParameters ToParameters() =>
        new() { ["UserId"] = UserId, ["GrantId"] = GrantId, ["Version"] = Version, ["Owner"] = Owner };
}
