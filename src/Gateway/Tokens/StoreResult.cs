namespace FathomGateway.Tokens;

/// <summary>What became of a connection that was to be stored.</summary>
internal enum StoreResult
{
    /// <summary>The user's row is of this grant.</summary>
    Stored,

    /// <summary>The user's row is of a grant that was issued later, and stays.</summary>
    Overtaken,

    /// <summary>The user has disconnected since the tokens were issued, and has no row.</summary>
    Disconnected,
}
