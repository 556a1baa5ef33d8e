using System.Globalization;
using System.Text;

namespace FathomGateway.Bench;

/// <summary>The gateway's targets, beside what a run measured.</summary>
internal static class TargetTable
{
    private const string Gateway = "gateway", WithEvents = "with-events", WithoutEvents = "without-events";

    /// <summary>Width of the first column on the screen.</summary>
    private const int TitleWidth = 58;

    private static readonly Target[] Targets =
    [
        new("CPU time a request, 1 KB, 64 connections", "cpu-64-1k", Max: 1.25, Stretch: 1.10),
        new("requests a second, 1 KB, 64 connections", "rps-64-1k", Min: 0.85),
        new("p99, 1 KB, 64 connections that are always busy", "p99-64-1k", Max: 1.0),
        new("p99, 1 KB, at a constant rate", "p99-rate"),
        new("CPU time a request, 64 KB, 64 connections", "cpu-64-64k", Max: 0.70),
        new("large body down, CPU time", "down-cpu", Max: 0.70),
        new("large body up, CPU time", "up-cpu", Max: 0.40),
        new("an idle WebSocket", "sockets-memory", Max: 17, Unit: "kB", Decimals: 1),
        new("resident memory after load", "memory-loaded", Max: 100, Unit: "MB", Scale: 1024, Decimals: 1),
        new("allocated a request, 1 KB", "allocated", Max: 1500, Unit: "bytes", Decimals: 0),
        new("/fathom/connect, to SET of the same record", "connect", Min: 0.35, Other: "redis", OtherMetric: "set"),
        new("access-token, to SELECT of the same row", "access-token", Min: 0.50, Other: "postgres", OtherMetric: "select"),
        new("/fathom/callback with events, to without, p50", "callback-p50-single", Max: 1.10, Contender: WithEvents, Other: WithoutEvents),
        new("events that one replica delivers", "events", Min: 1000, Unit: "a second", Decimals: 0),
    ];

    /// <summary>Empty where the gateway did not run.</summary>
    public static string Text(Measured measured)
    {
        if (!Targets.Any(target => target.Of(measured) is not null)) return "";
        var text = new StringBuilder().AppendLine($"{"Reach",-TitleWidth}{"target",-16}{"stretch",-12}{"measured",-14}");
        foreach (var target in Targets)
        {
            var value = target.Of(measured);
            text.Append($"  {target.Title,-TitleWidth + 2}{target.Wanted,-16}{target.Stretched,-12}");
            text.AppendLine($"{target.Shown(value),-14}{target.Verdict(value)}");
        }

        return text.AppendLine().ToString();
    }

    public static string Markdown(Measured measured)
    {
        if (!Targets.Any(target => target.Of(measured) is not null)) return "";
        var text = new StringBuilder().AppendLine("| reach | target | stretch | measured | |").AppendLine("|---|---|---|---|---|");
        foreach (var target in Targets)
        {
            var value = target.Of(measured);
            var verdict = target.Verdict(value);
            if (verdict == Target.NotMet) verdict = $"**{verdict}**";
            text.AppendLine($"| {target.Title} | {target.Wanted} | {target.Stretched} | {target.Shown(value)} | {verdict} |");
        }

        return text.ToString();
    }

    /// <param name="Unit">Of an absolute figure. Without one it is the ratio to the same metric of nginx in the same run.</param>
    /// <param name="Scale">What a measured value is divided by to be in the unit.</param>
    /// <param name="Contender">Who is measured.</param>
    /// <param name="Other">Whose metric a ratio is to.</param>
    /// <param name="OtherMetric">Where it has another name.</param>
    private sealed record Target(
        string Title, string Metric, double? Max = null, double? Min = null, double? Stretch = null,
        string? Unit = null, double Scale = 1, int Decimals = 3,
        string Contender = Gateway, string Other = Measured.Baseline, string? OtherMetric = null)
    {
        public const string NotMet = "not met";

        public string Wanted => Max is { } max ? $"≤ {Number(max)}" : Min is { } min ? $"≥ {Number(min)}" : "";

        public string Stretched => Stretch is { } stretch ? $"≤ {Number(stretch)}" : "";

        public double? Of(Measured measured) => Unit is null
            ? measured.Ratio(Contender, Metric, Other, OtherMetric)
            : measured.Value(Contender, Metric) / Scale;

        public string Shown(double? value) =>
            value is { } known ? WithUnit(known.ToString($"F{Decimals}", CultureInfo.InvariantCulture)) : "not measured";

        public string Verdict(double? value) => value switch
        {
            null => "",
            var known when Max is { } max => known > max ? NotMet : known <= Stretch ? "met, stretch too" : "met",
            var known when Min is { } min => known < min ? NotMet : "met",
            _ => "no target",
        };

        private string Number(double value) => WithUnit(value.ToString(Unit is null ? "0.00" : "0", CultureInfo.InvariantCulture));

        private string WithUnit(string number) => Unit is null ? $"{number} ×" : $"{number} {Unit}";
    }
}
