namespace FathomGateway.Sandbox.Provider;

/// <summary>A fault that a person can make the stand-in Fathom simulate.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Sends the browser back with <c>access_denied</c> without asking.</summary>
    Deny,

    /// <summary>Delivers the authorization response itself before it sends the browser there, as scanners of links do.</summary>
    Twice,

    /// <summary>The token endpoint answers after a delay.</summary>
    Slow,

    /// <summary>The token endpoint answers 500.</summary>
    Error,

    /// <summary>The token endpoint answers 200 with a page in place of JSON.</summary>
    Garbage,

    /// <summary>The token endpoint answers 429 with a Retry-After.</summary>
    Limit,

    /// <summary>The token endpoint resets the connection without an answer.</summary>
    Reset,

    /// <summary>The token endpoint refuses to refresh.</summary>
    Refuse,
}
