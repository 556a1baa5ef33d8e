namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>How the same fields may be written down. These come last, when the same fields stand on both sides.</summary>
internal static partial class PermittedDifferences
{
    private static PermittedDifference[] OfFieldLists =>
    [
        OfRequest(
            "cookie-lines",
            "HTTP/2 may split the cookies, HTTP/1.1 has them in one line (RFC 9113, section 8.2.3).",
            (one, straight, through) =>
                one.OverHttp2 is not null && Join("Cookie", "; ", straight, through)),
        OfRequest(
            "request-trailers",
            "The server groups trailers by name, and drops those without a value.",
            (_, straight, through) => ReorderTrailers(straight, through)),
        OfResponse(
            "response-trailer-order",
            "The server groups trailers by name over HTTP/2.",
            (one, straight, through) => one.OverHttp2 is not null && ReorderTrailers(straight, through)),
        OfRequest(
            "request-field-order",
            "The server hands on the fields it knows first; lines of one name stay in order.",
            (_, straight, through) => Reorder(straight, through)),
        OfResponse(
            "response-field-order",
            "The server writes the fields it knows first; lines of one name stay in order.",
            (_, straight, through) => Reorder(straight, through)),
        OfRequest(
            "request-field-case",
            "The server has a spelling of its own for the names it knows.",
            (_, straight, through) => Respell(straight, through)),
        OfResponse(
            "response-field-case",
            "The server has a spelling of its own for the names it knows.",
            (_, straight, through) => Respell(straight, through)),
    ];

    private static bool Join(string name, string separator, SeenMessage straight, SeenMessage through)
    {
        var lines = straight.Fields.Where(line => line.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        var joined = string.Join(separator, lines.Select(line => line.Value));
        if (lines.Length < 2
            || through.Fields.Count(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)) != 1
            || through.Value(name) != joined) return false;
        straight.Remove(name);
        straight.Add(name, joined);
        return true;
    }

    /// <summary>Lines of one name stay in their order.</summary>
    private static bool ReorderTrailers(SeenMessage straight, SeenMessage through)
    {
        if (straight.Trailers == through.Trailers || Sorted(straight) != Sorted(through)) return false;
        straight.Trailers = through.Trailers;
        return true;

        static string Sorted(SeenMessage message) =>
            string.Join('\n', message.Trailers.Split("\r\n")
                .Select(line => line.TrimEnd())
                .Where(line => !line.EndsWith(':'))
                .OrderBy(line => line.Split(':')[0], StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Only between different names: among lines of one name the order has a meaning.</summary>
    private static bool Reorder(SeenMessage straight, SeenMessage through)
    {
        if (Names(straight).SequenceEqual(Names(through)) || !Names(straight).Order().SequenceEqual(Names(through).Order())) return false;
        var waiting = straight.Fields.GroupBy(field => field.Key.ToUpperInvariant())
            .ToDictionary(lines => lines.Key, lines => new Queue<KeyValuePair<string, string>>(lines));
        straight.Fields = [.. Names(through).Select(name => waiting[name].Dequeue())];
        return true;
    }

    private static bool Respell(SeenMessage straight, SeenMessage through)
    {
        if (!Names(straight).SequenceEqual(Names(through))
            || straight.Fields.Zip(through.Fields).All(pair => pair.First.Key == pair.Second.Key)) return false;
        straight.Fields = [.. straight.Fields.Zip(through.Fields, (mine, other) => KeyValuePair.Create(other.Key, mine.Value))];
        return true;
    }

    private static IEnumerable<string> Names(SeenMessage message) => message.Fields.Select(field => field.Key.ToUpperInvariant());
}
