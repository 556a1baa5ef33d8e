using System.Text.RegularExpressions;

namespace FathomGateway.Settings.Warnings;

/// <summary>Warns of variables that resemble a setting. A misspelled setting has no effect and would otherwise go unnoticed.</summary>
internal static partial class MisspelledSettings
{
    /// <summary>
    /// Length, without underscores, from which two spelling errors are recognized. Below <see cref="MinNameLength"/> none is.
    /// </summary>
    private const int LongName = 12, MinNameLength = 7;

    private const int MaxMisspellings = 2;

    /// <summary>Must run when every feature has read its settings.</summary>
    public static void Warn(SettingsReader settings)
    {
        foreach (var (variable, neighbour) in Find(settings))
        {
            settings.Warn($"{variable} is no setting of the gateway and has no effect: did you mean {neighbour}?");
        }
    }

    private static IEnumerable<(string Variable, string Neighbour)> Find(SettingsReader settings)
    {
        var known = settings.ReadNames.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var variables = settings.Configuration.GetChildren().Where(one => !string.IsNullOrWhiteSpace(one.Value)).Select(one => one.Key);
        foreach (var variable in variables)
        {
            var isFile = variable.EndsWith(SettingsReader.FileSuffix, StringComparison.OrdinalIgnoreCase);
            var name = isFile ? variable[..^SettingsReader.FileSuffix.Length] : variable;
            if (known.Contains(variable) || known.Contains(name) || !PlainName().IsMatch(name) || ServiceLink().IsMatch(name)) continue;
            if (Neighbour(name, settings) is not { } neighbour) continue;
            yield return (variable, isFile ? neighbour + SettingsReader.FileSuffix : neighbour);
        }
    }

    private static string? Neighbour(string name, SettingsReader settings)
    {
        var letters = Letters(name);
        var nearest = settings.ReadNames.Select(setting => (Setting: setting, Letters: Letters(setting)))
            // The start of the gateway waits for this: only what can be near enough is looked at closely.
            .Where(one => Math.Abs(one.Letters.Length - letters.Length) <= MaxMisspellings)
            .Select(one => (one.Setting, Distance: EditDistance.Between(letters, one.Letters)))
            .OrderBy(one => one.Distance).ThenBy(one => one.Setting, StringComparer.Ordinal).FirstOrDefault();
        if (nearest.Setting is not null && nearest.Distance <= Misspellings(nearest.Setting)) return nearest.Setting;
        // The telemetry library reads further variables of its own.
        if (name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase)) return null;
        // One word more or less, such as JWT_SECRET_KEY. A setting that is set was not misspelled.
        return settings.ReadNames.FirstOrDefault(setting => HasWordsOf(name, setting) && settings.OriginOf(setting) is null);
    }

    private static int Misspellings(string setting) => Letters(setting).Length switch
    {
        >= LongName => MaxMisspellings,
        >= MinNameLength => 1,
        _ => 0,
    };

    /// <summary>
    /// Whether the longer name has all words of the shorter one in order, starts with the same word, and has at most one more.
    /// </summary>
    private static bool HasWordsOf(string name, string setting)
    {
        var (one, other) = (Words(name), Words(setting));
        var (few, many) = one.Length <= other.Length ? (one, other) : (other, one);
        if (few.Length < 2 || many.Length - few.Length > 1 || few[0] != many[0]) return false;
        var found = 0;
        foreach (var word in many)
        {
            if (found < few.Length && IsSameWord(word, few[found])) found++;
        }

        return found == few.Length;
    }

    /// <summary>One may be an abbreviation (AUTH for AUTHORIZE) or the plural of the other.</summary>
    private static bool IsSameWord(string one, string other) =>
        one == other || (Math.Min(one.Length, other.Length) > 2
            && (one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal)));

    private static string Letters(string name) => string.Concat(Words(name));

    private static string[] Words(string name) => name.ToUpperInvariant().Split(['_', '-', '.'], StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_.-]*$")]
    private static partial Regex PlainName();

    /// <summary>Variables that Kubernetes and Docker set for neighbouring services.</summary>
    [GeneratedRegex("_SERVICE_(HOST|PORT)|_PORT_[0-9]+_(TCP|UDP)|_ENV_")]
    private static partial Regex ServiceLink();
}
