using System.Diagnostics.Metrics;

namespace FathomGateway.Telemetry;

/// <summary>
/// The gateway's own metrics, beside those of ASP.NET, the HTTP client and Npgsql. No user, token or address is ever a tag.
/// </summary>
internal sealed class GatewayMetrics
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "FathomGateway";

    private const string Outcome = "outcome";

    private readonly Counter<long> _connects, _callbacks, _accessTokens, _rateLimited, _requestFaults, _jwtsRefused, _eventTries;
    private readonly Histogram<double> _tokenRequests, _redisCommands;
    private readonly Meter _meter;

    public GatewayMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _connects = _meter.CreateCounter<long>("fathom.connects", "{request}", "Requests to begin connecting, by outcome.");
        _callbacks = _meter.CreateCounter<long>("fathom.callbacks", "{request}", "Authorization responses, by what the frontend was told.");
        _accessTokens = _meter.CreateCounter<long>(
            "fathom.access_tokens", "{request}", "Access tokens asked for by the backend, by outcome.");
        _rateLimited = _meter.CreateCounter<long>(
            "fathom.rate_limited", "{request}", "Requests to the gateway's own routes that came too often, by route.");
        _requestFaults = _meter.CreateCounter<long>(
            "fathom.request_faults", "{line}", "Lines of log that requests caused, by category and event; the log has one a minute of "
                + "each.");
        _jwtsRefused = _meter.CreateCounter<long>(
            "fathom.jwts_refused", "{request}", "Requests without a valid JWT, by reason.");
        _eventTries = _meter.CreateCounter<long>("fathom.event_tries", "{try}", "Tries to deliver an event to EVENTS_URL, by outcome.");
        _tokenRequests = _meter.CreateHistogram<double>(
            "fathom.token_requests.duration", "s", "Calls of the provider's token endpoint, by grant type and outcome.");
        _redisCommands = _meter.CreateHistogram<double>("fathom.redis.duration", "s", "Commands to Redis, by outcome.");
    }

    public void Connect(string outcome) => _connects.Add(1, Tag(Outcome, outcome));

    public void Callback(string outcome) => _callbacks.Add(1, Tag(Outcome, outcome));

    public void AccessToken(string outcome) => _accessTokens.Add(1, Tag(Outcome, outcome));

    /// <param name="outcome"><c>delivered</c>, <c>failed</c>, or <c>rested</c> for an event that is no longer tried.</param>
    public void EventTried(string outcome) => _eventTries.Add(1, Tag(Outcome, outcome));

    public void RateLimited(string route) => _rateLimited.Add(1, Tag("route", route));

    /// <param name="category">A logger's category, and its event. Both are fixed in code and never come from a request.</param>
    public void RequestFault(string category, string logEvent) => _requestFaults.Add(1, Tag("category", category), Tag("event", logEvent));

    public void JwtRefused(string reason) => _jwtsRefused.Add(1, Tag("reason", reason));

    public void TokenRequest(TimeSpan duration, string grantType, string outcome) =>
        _tokenRequests.Record(duration.TotalSeconds, Tag("grant_type", grantType), Tag(Outcome, outcome));

    public void RedisCommand(TimeSpan duration, string outcome) => _redisCommands.Record(duration.TotalSeconds, Tag(Outcome, outcome));

    /// <summary>Adds a gauge whose value is read on each collection.</summary>
    public void Observe(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> look) =>
        _meter.CreateObservableGauge(name, look, unit, description);

    /// <summary>Adds a counter whose value is read on each collection.</summary>
    public void ObserveTotal(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> look) =>
        _meter.CreateObservableCounter(name, look, unit, description);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
