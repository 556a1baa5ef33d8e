namespace FathomGateway.Tokens;

/// <summary>When an access token is to be refreshed: while it can still be used, so that a provider who is away for a moment is not noticed.</summary>
/// <remarks>
/// No random part: tokens are refreshed when somebody asks for them, which spreads them as the asking is spread, and a herd that comes all
/// the same is held back by the budget while its tokens still work.
/// </remarks>
internal static class Freshness
{
    /// <summary>Long enough for what the token is fetched for, and for a provider's short outage.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(300);

    /// <summary>A token that lives shorter would be due at once, or soon after; it is due at half its life.</summary>
    private static readonly TimeSpan ShortLife = 2 * Margin;

    public static bool IsDue(ConnectionReading reading)
    {
        var life = reading.Connection.ExpiresAt - reading.Connection.IssuedAt;
        return reading.Left < (life < ShortLife ? life / 2 : Margin);
    }
}
