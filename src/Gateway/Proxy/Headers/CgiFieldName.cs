namespace FathomGateway.Proxy.Headers;

/// <summary>
/// Compares names of fields as backends behind CGI, WSGI, Rack or FastCGI do. These hand a field on as a variable, in capitals and with
/// <c>_</c> for <c>-</c> (RFC 3875, section 4.1.18), some for every other character too: <c>X_Forwarded_For</c> then is
/// <c>X-Forwarded-For</c>. A field that must not reach the other side must not reach it by another spelling.
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
