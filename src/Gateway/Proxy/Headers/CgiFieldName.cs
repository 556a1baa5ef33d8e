namespace FathomGateway.Proxy.Headers;

/// <summary>
/// Compares field names as backends behind CGI, WSGI, Rack or FastCGI see them. Those pass a field on as a variable in upper case with
/// <c>_</c> for <c>-</c> (RFC 3875, section 4.1.18); some replace every other character too. <c>X_Forwarded_For</c> then equals
/// <c>X-Forwarded-For</c>, so a removed field must not return in another spelling.
/// </summary>
internal static class CgiFieldName
{
    public static bool AreSame(string name, string known) => name.Length == known.Length && StartsWith(name, known);

    public static bool StartsWith(string name, string known)
    {
        if (name.Length < known.Length) return false;
        for (var i = 0; i < known.Length; i++)
        {
            if (Folded(name[i]) != Folded(known[i])) return false;
        }

        return true;
    }

    private static char Folded(char letter) => char.IsAsciiLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : '_';
}
