namespace FathomGateway.Backend;

/// <summary>
/// NTLM and Negotiate authenticate the connection, not the request: the server attributes all later requests to the same user (RFC 4559,
/// section 6; MS-NTHT). Such a connection is never shared.
/// </summary>
internal static class ConnectionAuthentication
{
    /// <summary>Whether a request uses one of the two schemes. A server that only offers them has authenticated no user.</summary>
    /// <param name="credentials">Value of <c>Authorization</c> or <c>Proxy-Authorization</c>.</param>
    public static bool IsIn(ReadOnlySpan<char> credentials) => Begins(credentials, "NTLM") || Begins(credentials, "Negotiate");

    private static bool Begins(ReadOnlySpan<char> value, ReadOnlySpan<char> scheme) =>
        value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && (value.Length == scheme.Length || value[scheme.Length] == ' ');
}
