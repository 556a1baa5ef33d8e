namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>How the same fields may be written down. These come last, when the same fields stand on both sides.</summary>
internal static partial class PermittedDifferences
{
    private static PermittedDifference[] OfFieldLists =>
    [
        OfRequest("joined-lines", "The client writes the lines of one name as one line (RFC 9110, section 5.3); those of User-Agent with blanks.", (_, straight, through) =>
            straight.Fields.GroupBy(line => line.Key, StringComparer.OrdinalIgnoreCase).Where(lines => lines.Count() > 1).ToArray()
                .Aggregate(false, (used, lines) => Join(lines, straight, through) || used)),
        OfRequest("request-field-order", "The client writes the fields it knows first, and those of the content last; lines of one name stay in order.", (_, straight, through) => Reorder(straight, through)),
        OfResponse("response-field-order", "The server writes the fields it knows first; lines of one name stay in order.", (_, straight, through) => Reorder(straight, through)),
        OfRequest("request-field-case", "The client has a spelling of its own for the names it knows.", (_, straight, through) => Respell(straight, through)),
        OfResponse("response-field-case", "The server has a spelling of its own for the names it knows.", (_, straight, through) => Respell(straight, through)),
    ];

    private static bool Join(IGrouping<string, KeyValuePair<string, string>> lines, SeenMessage straight, SeenMessage through)
    {
        var separator = lines.Key.ToUpperInvariant() switch { "COOKIE" => "; ", "USER-AGENT" => " ", _ => ", " };
        var joined = string.Join(separator, lines.Select(line => line.Value)).Trim(' ');
        if (through.Fields.Count(field => field.Key.Equals(lines.Key, StringComparison.OrdinalIgnoreCase)) != 1 || through.Value(lines.Key) != joined) return false;
        straight.Remove(lines.Key);
        straight.Add(lines.Key, joined);
        return true;
    }

    /// <summary>Only between different names: among lines of one name the order has a meaning.</summary>
    private static bool Reorder(SeenMessage straight, SeenMessage through)
    {
        if (Names(straight).SequenceEqual(Names(through)) || !Names(straight).Order().SequenceEqual(Names(through).Order())) return false;
        var waiting = straight.Fields.GroupBy(field => field.Key.ToUpperInvariant()).ToDictionary(lines => lines.Key, lines => new Queue<KeyValuePair<string, string>>(lines));
        straight.Fields = [.. Names(through).Select(name => waiting[name].Dequeue())];
        return true;
    }

    private static bool Respell(SeenMessage straight, SeenMessage through)
    {
        if (!Names(straight).SequenceEqual(Names(through)) || straight.Fields.Zip(through.Fields).All(pair => pair.First.Key == pair.Second.Key)) return false;
        straight.Fields = [.. straight.Fields.Zip(through.Fields, (mine, other) => KeyValuePair.Create(other.Key, mine.Value))];
        return true;
    }

    private static IEnumerable<string> Names(SeenMessage message) => message.Fields.Select(field => field.Key.ToUpperInvariant());
}
