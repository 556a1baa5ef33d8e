using System.Buffers;

namespace FathomGateway.Proxy.Headers;

/// <summary>
/// Checks fields before they are written into HTTP/1.1. HTTP/2 frames names and values by length, and the server does not check all of
/// them (RFC 9113, section 8.2.1). A line break in one would end the field or the head, and what follows would be another request.
/// </summary>
internal static class FieldSyntax
{
    private static readonly SearchValues<char> LineBreaks = SearchValues.Create("\r\n\0");

    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether a name is a token (RFC 9110, section 5.6.2).</summary>
    public static bool IsName(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(Token);

    /// <summary>Whether a value stays on its line.</summary>
    public static bool IsValue(string? value) => !value.AsSpan().ContainsAny(LineBreaks);

    /// <summary>Whether HTTP/1.1 can carry all these fields.</summary>
    public static bool AreFields(IHeaderDictionary fields)
    {
        foreach (var (name, values) in fields)
        {
            if (!IsName(name)) return false;
            foreach (var value in values)
            {
                if (!IsValue(value)) return false;
            }
        }

        return true;
    }
}
