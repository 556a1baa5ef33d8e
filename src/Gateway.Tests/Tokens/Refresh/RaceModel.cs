namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>
/// What a user, the backend and the provider do, one after the other; refreshes begin and are answered at different steps.
/// </summary>
internal enum RaceStep
{
    /// <summary>The user goes through consent: a new grant.</summary>
    Connect,

    /// <summary>The user disconnects.</summary>
    Disconnect,

    /// <summary>A replica finds the token refused and asks the provider, who does not answer yet.</summary>
    BeginAtOne,

    BeginAtTwo,

    /// <summary>The provider answers the oldest call that waits.</summary>
    AnswerOldest,

    /// <summary>The provider answers the newest call that waits.</summary>
    AnswerNewest,

    /// <summary>The provider refuses the oldest call that waits: its grant is gone there.</summary>
    RefuseOldest,

    /// <summary>Half a minute passes: a lease runs out.</summary>
    LeaseRunsOut,
}

/// <summary>What may be in the row, as far as the order of events decides it.</summary>
internal sealed class RaceModel
{
    /// <summary>The grant of the latest connect; null after a disconnect, and before the first connect.</summary>
    public int? Grant { get; private set; }

    private int _grants;

    /// <returns>The number of the new grant.</returns>
    public int Connect()
    {
        Grant = ++_grants;
        return _grants;
    }

    public void Disconnect() => Grant = null;

    /// <summary>Why this row cannot be, or null. Tokens are named <c>a-grant-number</c> and <c>r-grant-number</c>.</summary>
    public string? Objection((string AccessToken, string RefreshToken)? row)
    {
        if (row is null != Grant is null)
            return Grant is null ? $"disconnected, and yet there is {row}" : "connected, and yet there is no row";
        if (row is not { } tokens) return null;
        if (tokens.AccessToken[1..] != tokens.RefreshToken[1..]) return $"a pair of two answers: {tokens}";
        return tokens.AccessToken.Split('-')[1] == $"{Grant}" ? null : $"grant {Grant} was connected last, the row has {tokens}";
    }
}
