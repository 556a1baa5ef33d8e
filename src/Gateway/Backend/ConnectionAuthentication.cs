namespace FathomGateway.Backend;

/// <summary>
/// NTLM and Negotiate authenticate the connection and not the request: whoever is sent over it afterwards is taken for the one who logged in
/// (RFC 4559, section 6; MS-NTHT). Such a connection is never shared.
/// </summary>
internal static class ConnectionAuthentication
{
    /// <param name="value">Value of <c>Authorization</c>, <c>WWW-Authenticate</c> or one of their proxy kin.</param>
    public static bool IsScheme(ReadOnlySpan<char> value) => Begins(value, "NTLM") || Begins(value, "Negotiate");

    private static bool Begins(ReadOnlySpan<char> value, ReadOnlySpan<char> scheme) =>
        value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && (value.Length == scheme.Length || value[scheme.Length] is ' ' or ',');
}
