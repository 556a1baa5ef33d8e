namespace FathomGateway.Tokens.Refresh;

/// <summary>The result of a request for a fresh access token.</summary>
internal abstract record AccessTokenResult
{
    private AccessTokenResult()
    {
    }

    /// <summary>The <c>outcome</c> label of the metric that counts these results.</summary>
    public string MetricLabel => this switch
    {
        Granted => "granted",
        NotConnected => "not_connected",
        MustReconnect => "reconnect_required",
        _ => "unavailable",
    };

    /// <summary>An access token that has not expired.</summary>
    /// <param name="Version">The row's version. A caller whose token the API refused sends it as <c>rejected_version</c>.</param>
    internal sealed record Granted(string AccessToken, DateTimeOffset ExpiresAt, long Version) : AccessTokenResult
    {
        /// <summary>A record's own text would print the token.</summary>
        public override string ToString() => nameof(Granted);
    }

    /// <summary>The user has no connection.</summary>
    internal sealed record NotConnected : AccessTokenResult;

    /// <summary>The user has to connect again: no retry succeeds.</summary>
    internal sealed record MustReconnect(ReconnectRequired Reconnect) : AccessTokenResult;

    /// <summary>The provider or the database is unavailable, or the budget is used up.</summary>
    /// <param name="RetryAfter">When the caller may retry.</param>
    internal sealed record Unavailable(TimeSpan RetryAfter) : AccessTokenResult;
}
