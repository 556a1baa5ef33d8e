namespace FathomGateway.Tokens;

/// <summary>What is remembered of codes that the provider has refused.</summary>
/// <param name="OwnLately">Those of this user in the last minute.</param>
/// <param name="AllLately">Those of all users in the last minute.</param>
/// <param name="Own">Those of this user in the last ten minutes.</param>
internal sealed record RefusedExchanges(long OwnLately, long AllLately, long Own)
{
    /// <summary>A user who has mistyped nothing brings none; three allow for a provider that hiccups.</summary>
    private const int MostOfUser = 3;

    /// <summary>Of the sixty calls a minute that the provider takes for the whole app.</summary>
    private const int MostOfAll = 10;

    /// <summary>Whether this user's next code waits. Who has had none refused is never held back.</summary>
    public bool MustWait => OwnLately >= MostOfUser || (AllLately >= MostOfAll && Own > 0);
}
