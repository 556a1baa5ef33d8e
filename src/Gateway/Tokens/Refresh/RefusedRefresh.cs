using FathomGateway.Fathom.TokenEndpoint;

namespace FathomGateway.Tokens.Refresh;

/// <summary>
/// A refresh that the provider refuses without saying that the refresh token is invalid: 401 <c>invalid_token</c>, 400
/// <c>invalid_request</c>, 403 with a page. It may be a fault of the provider, so the refresh is repeated. The user's pause doubles each
/// time, so that these refreshes do not use up the app's calls. After a day of such refusals the user has to connect again.
/// </summary>
internal static class RefusedRefresh
{
    /// <summary>Within this time the gateway detects that the provider has fixed the fault.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromHours(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5), ReconnectAfter = TimeSpan.FromDays(1);

    /// <summary>Doublings from the first pause to the longest.</summary>
    private const int MaxDoublings = 10;

    /// <summary>Whether a result is one. The caller handles final refusals, refusals of the client, and 429 before.</summary>
    public static bool IsOne(TokenResult result) => result is TokenResult.Refused
        or TokenResult.Malformed { Status: >= StatusCodes.Status400BadRequest and < StatusCodes.Status500InternalServerError };

    /// <summary>Whether there has been no other answer for a day.</summary>
    public static bool IsForLong(ConnectionSnapshot snapshot) =>
        snapshot.RefusedSince is { } since && snapshot.Now - since >= ReconnectAfter;

    /// <summary>Until the next attempt: 5 s, 10 s, … 1 h.</summary>
    public static TimeSpan Pause(ConnectionSnapshot snapshot)
    {
        var pause = FirstPause * (1L << (int)Math.Min(snapshot.Refusals, MaxDoublings));
        return pause < MaxPause ? pause : MaxPause;
    }
}
