using FathomGateway.Fathom;

namespace FathomGateway.Connect.Callback;

/// <summary>The authorization response (RFC 6749, sections 4.1.2 and 4.1.2.1) from the callback's query, not verified yet.</summary>
/// <param name="State">Null where it is missing or repeated.</param>
/// <param name="Code">Null where it is missing, repeated, empty or too long.</param>
/// <param name="Error">Null where there is none.</param>
internal sealed record AuthorizationResponse(string? State, string? Code, string? Error)
{
    /// <summary>Longest code in characters. The provider's are much shorter.</summary>
    public const int MaxCodeLength = 2048;

    /// <summary>Distinguishes responses with the same state. A code has precedence over an error.</summary>
    public string Digest => SettledCallback.Digest(Code is null ? $"{OAuth.Error} {Error}" : $"{OAuth.Code} {Code}");

    public static AuthorizationResponse Read(IQueryCollection query)
    {
        var code = Single(query, OAuth.Code);
        return new AuthorizationResponse(
            Single(query, OAuth.State),
            code is { Length: > 0 and <= MaxCodeLength } ? code : null,
            query.ContainsKey(OAuth.Error) ? Single(query, OAuth.Error) ?? "" : null);
    }

    /// <summary>Keeps the code out of logs, which the generated text of a record would print.</summary>
    public override string ToString() => nameof(AuthorizationResponse);

    /// <summary>Parameters must not come more than once (RFC 6749, section 3.1).</summary>
    private static string? Single(IQueryCollection query, string name) => query[name] is [var value] ? value : null;
}
