namespace FathomGateway.Connect.Cors;

/// <summary>
/// Names the origins whose pages were refused, in one line a minute: a browser tells the page nothing, and an operator who forgot an origin
/// has nothing else to go by.
/// </summary>
internal sealed partial class CorsRefusalLog(TimeProvider time, ILogger<CorsRefusalLog> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Anybody can bring made-up ones: as many are named as fit into a line.</summary>
    private const int MostNamed = 5;

    /// <summary>Characters of one that are shown: a host has 253 at most, and those of apps have far fewer.</summary>
    private const int LongestName = 100;

    private readonly Lock _gate = new();
    private readonly List<string> _names = [];
    private long? _said;
    private long _requests;

    public void Note(string origin)
    {
        string names;
        long requests;
        lock (_gate)
        {
            _requests++;
            var name = Shown(origin);
            if (_names.Count < MostNamed && !_names.Contains(name)) _names.Add(name);
            if (_said is { } said && time.GetElapsedTime(said) < Pause) return;
            (names, requests) = (string.Join(", ", _names), _requests);
            _names.Clear();
            (_said, _requests) = (time.GetTimestamp(), 0);
        }

        Refused(log, names, requests);
    }

    /// <summary>Bounded, and with nothing but what origins are made of.</summary>
    private static string Shown(string origin)
    {
        var text = string.Concat(origin.Take(LongestName).Select(letter => IsOfOrigins(letter) ? letter : '?'));
        return origin.Length > LongestName ? $"{text}…" : text;
    }

    private static bool IsOfOrigins(char letter) => char.IsAsciiLetterOrDigit(letter) || "+-.:/[]_".Contains(letter, StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pages of other origins were refused: {Origins} ({Requests} requests). If one of "
        + "these is your app, add it to CORS_ORIGINS.")]
    private static partial void Refused(ILogger log, string origins, long requests);
}
