namespace FathomGateway.Connect.Cors;

/// <summary>
/// Logs the origins whose pages CORS refused, in one line a minute. A browser does not tell its page the reason, so an operator who forgot
/// an origin has no other hint.
/// </summary>
internal sealed partial class CorsRefusalLog(TimeProvider time, ILogger<CorsRefusalLog> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Largest number of origins in a line, because any client can send invented ones.</summary>
    private const int MaxNames = 5;

    /// <summary>Largest number of characters shown of one. A host has at most 253, and an app's origin far fewer.</summary>
    private const int MaxNameLength = 100;

    private readonly Lock _gate = new();
    private readonly List<string> _names = [];
    private long? _loggedAt;
    private long _requests;

    public void Note(string origin)
    {
        string names;
        long requests;
        lock (_gate)
        {
            _requests++;
            var name = Shown(origin);
            if (_names.Count < MaxNames && !_names.Contains(name)) _names.Add(name);
            if (_loggedAt is { } last && time.GetElapsedTime(last) < Pause) return;
            (names, requests) = (string.Join(", ", _names), _requests);
            _names.Clear();
            (_loggedAt, _requests) = (time.GetTimestamp(), 0);
        }

        Refused(log, names, requests);
    }

    /// <summary>Shortens the origin and replaces characters that no origin has.</summary>
    private static string Shown(string origin)
    {
        var text = string.Concat(origin.Take(MaxNameLength).Select(letter => IsOfOrigins(letter) ? letter : '?'));
        return origin.Length > MaxNameLength ? $"{text}…" : text;
    }

    private static bool IsOfOrigins(char letter) =>
        char.IsAsciiLetterOrDigit(letter) || "+-.:/[]_".Contains(letter, StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pages of other origins were refused: {Origins} ({Requests} requests). If one of "
        + "these is your app, add it to CORS_ORIGINS.")]
    private static partial void Refused(ILogger log, string origins, long requests);
}
