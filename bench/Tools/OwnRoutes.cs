using System.Globalization;

namespace FathomGateway.Bench;

/// <summary>
/// The rates of the gateway's own routes, beside the rates of their stores for the same work: one line each, none where nothing was
/// measured.
/// </summary>
internal static class OwnRoutes
{
    private const string Gateway = "gateway", BareRoute = "bare-store", WithEvents = "with-events", WithoutEvents = "without-events";

    public static IEnumerable<string> Lines(Measured measured) =>
        new[] { Connect(measured), AccessToken(measured), Callback(measured), Events(measured) }.Where(line => line.Length > 0);

    private static string Connect(Measured measured)
    {
        if (measured.Value(Gateway, "connect") is not { } connects || measured.Value("redis", "set") is not { } sets) return "";
        var ratio = measured.Ratio(Gateway, "connect", "redis", "set");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"/fathom/connect: {connects:0} a second, {measured.Value(Gateway, "connect-errors"):0} of a round refused; " +
            $"Redis SET NX EX of the same record: {sets:0} a second; ratio {ratio:0.00}. " +
            $"CPU time of the gateway: {measured.Value(Gateway, "connect-cpu"):0} µs, " +
            $"of Redis: {measured.Value("redis", "connect-cpu"):0} µs. {BareStore(measured, "connect", "redis", "set")}");
    }

    private static string AccessToken(Measured measured)
    {
        if (measured.Value(Gateway, "access-token") is not { } tokens) return "";
        if (measured.Value("postgres", "select") is not { } selects) return "";
        var ratio = measured.Ratio(Gateway, "access-token", "postgres", "select");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"access-token: {tokens:0} a second, {measured.Value(Gateway, "access-token-errors"):0} of a round refused; " +
            $"PostgreSQL SELECT of the same row: {selects:0} a second; ratio {ratio:0.00}. " +
            $"CPU time of the gateway: {measured.Value(Gateway, "access-token-cpu"):0} µs. " +
            $"{BareStore(measured, "access-token", "postgres", "select")}");
    }

    /// <summary>What a bare route reaches with the same call of the store.</summary>
    private static string BareStore(Measured measured, string metric, string store, string call) =>
        measured.Value(BareRoute, metric) is { } bare
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"A bare route with the same call: {bare:0} a second; ratio {measured.Ratio(BareRoute, metric, store, call):0.00}; " +
                $"{measured.Value(BareRoute, metric + "-cpu"):0} µs.")
            : "";

    private static string Callback(Measured measured)
    {
        if (measured.Value(WithEvents, "callback-p50-single") is null) return "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"/fathom/callback, p50 with and without events: one user at a time {Milliseconds("single")}; four at a time without a pause " +
            $"{Milliseconds("paced")}. As many as it can do: {measured.Value(WithEvents, "callback-rps-busy"):0} and " +
            $"{measured.Value(WithoutEvents, "callback-rps-busy"):0} a second; ratio {Beside("callback-rps-busy"):0.00}. " +
            $"CPU time, deliveries included: ratio {Beside("callback-cpu-busy"):0.00}.");

        string Milliseconds(string load)
        {
            var metric = $"callback-p50-{load}";
            var (with, without) = (measured.Value(WithEvents, metric), measured.Value(WithoutEvents, metric));
            return string.Create(
                CultureInfo.InvariantCulture, $"{with / 1000:0.00} and {without / 1000:0.00} ms, ratio {Beside(metric):0.00}");
        }

        double? Beside(string metric) => measured.Ratio(WithEvents, metric, WithoutEvents);
    }

    private static string Events(Measured measured) =>
        measured.Value(Gateway, "events") is { } events
            ? string.Create(CultureInfo.InvariantCulture, $"Events that one replica delivers: {events:0} a second.")
            : "";
}
