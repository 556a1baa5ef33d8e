using System.Data;
using System.Data.Common;

namespace FathomGateway.Tokens.Budget;

/// <summary>Numbers of codes that the provider has refused.</summary>
/// <param name="OwnRecent">Of this user in the last minute.</param>
/// <param name="AllRecent">Of all users in the last minute.</param>
/// <param name="Own">Of this user in the last ten minutes.</param>
internal sealed record RefusedExchanges(long OwnRecent, long AllRecent, long Own)
{
    /// <summary>Usually a user has none. Three allow for faults of the provider.</summary>
    private const int MaxOwn = 3;

    /// <summary>A sixth of the calls that the provider accepts in a minute.</summary>
    private const int MaxAll = 10;

    public static RefusedExchanges Read(DbDataReader row) =>
        new(row.GetInt64("OwnRecent"), row.GetInt64("AllRecent"), row.GetInt64("Own"));

    /// <summary>Whether this user's next code waits. A user without a refused code never waits.</summary>
    public bool MustWait => OwnRecent >= MaxOwn || (AllRecent >= MaxAll && Own > 0);
}
