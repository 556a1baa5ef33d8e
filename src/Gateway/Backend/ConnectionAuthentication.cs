namespace FathomGateway.Backend;

/// <summary>
/// NTLM and Negotiate authenticate the connection and not the request: whoever is sent over it afterwards is taken for the one who logged in
/// (RFC 4559, section 6; MS-NTHT). Such a connection is never shared.
/// </summary>
internal static class ConnectionAuthentication
{
    /// <summary>Whether a request speaks one of the two. A server that merely offers them has authenticated nobody.</summary>
    /// <param name="credentials">Value of <c>Authorization</c> or <c>Proxy-Authorization</c>.</param>
    public static bool IsIn(ReadOnlySpan<char> credentials) => Begins(credentials, "NTLM") || Begins(credentials, "Negotiate");

    private static bool Begins(ReadOnlySpan<char> value, ReadOnlySpan<char> scheme) =>
        value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && (value.Length == scheme.Length || value[scheme.Length] == ' ');
}
