using System.Diagnostics.Metrics;

namespace FathomGateway.Sandbox.Show;

/// <summary>Turns what the gateway counts into hops: the product is watched from outside, as a collector would, and knows nothing of it.</summary>
internal sealed class GatewayHops : IDisposable
{
    private const string MeterName = "FathomGateway";

    private readonly MeterListener _listener = new();
    private readonly Hops _hops;

    /// <param name="hops">Where they go.</param>
    /// <param name="meters">The gateway's own factory: another gateway in this process is none of this world's business.</param>
    public GatewayHops(Hops hops, IMeterFactory meters)
    {
        _hops = hops;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == MeterName && ReferenceEquals(instrument.Meter.Scope, meters)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Count(instrument.Name, Tag(tags, "outcome")));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => TokenCall(instrument.Name, Tag(tags, "outcome")));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    private void Count(string instrument, string outcome)
    {
        switch (instrument)
        {
            case "fathom.connects":
                _hops.Add("browser", "gateway", "GET /fathom/connect, with the user’s JWT");
                if (outcome == "started") _hops.Add("gateway", "store", "state kept for ten minutes", "good");
                _hops.Add("gateway", "browser", outcome == "started" ? "the address of the consent page" : $"refused: {outcome}", outcome == "started" ? "plain" : "bad");
                break;
            case "fathom.callbacks":
                if (outcome == "connected") _hops.Add("gateway", "store", "row written, tokens encrypted", "good");
                _hops.Add("gateway", "browser", $"back to the app: {outcome}", outcome == "connected" ? "good" : "bad");
                break;
            case "fathom.access_tokens":
                _hops.Add("backend", "gateway", $"asks for the user’s token: {outcome}");
                break;
        }
    }

    private void TokenCall(string instrument, string outcome)
    {
        if (instrument == "fathom.token_requests.duration") _hops.Add("fathom", "gateway", $"token endpoint: {outcome}", outcome is "ok" or "granted" ? "good" : "bad");
    }

    private static string Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
            if (tag.Key == name)
                return tag.Value as string ?? "";
        return "";
    }
}
