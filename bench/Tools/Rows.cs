namespace FathomGateway.Bench;

/// <summary>One line of the table.</summary>
/// <param name="Metric">Its name among the measured values.</param>
/// <param name="Scale">What a measured value is divided by to be shown.</param>
/// <param name="Decimals">How many are shown.</param>
/// <param name="InChart">Whether the chart shows its ratios.</param>
/// <param name="HasRatio">Whether the ratio to nginx is meaningful: not where nginx has the value 0, nor for counts.</param>
internal sealed record Row(
    string Group, string Title, string Metric, double Scale = 1, int Decimals = 1, bool InChart = false, bool HasRatio = true)
{
    public string ChartTitle => $"{Group}: {Title}";
}

/// <summary>The lines of the table, in their order.</summary>
internal static class Rows
{
    public static readonly string[] Contenders =
    [
        Measured.Baseline, "haproxy", "caddy", "gateway", "gateway-jit", "gateway-native", "gateway-native-v3", "bare-yarp", "express",
    ];

    public static readonly Row[] All =
    [
        .. Load("CPU time a request, µs", "cpu", 1, 1, inChart: true),
        .. Load("requests a second", "rps", 1, 0),
        .. Load("p50, ms", "p50", 1000, 2),
        .. Load("p99, ms", "p99", 1000, 2),
        .. Load("p99.9, ms", "p999", 1000, 2),
        .. Rate("1 KB at a constant rate"),
        new("a request of 1 KB", "bytes allocated", "allocated", 1, 0, HasRatio: false),
        new("a request of 1 KB", "connections to the backend, of 1,000", "backend-connections", 1, 2, HasRatio: false),
        new("streaming", "large body down, CPU s", "down-cpu", 1, 2, InChart: true),
        new("streaming", "large body down, memory growth, MB", "down-growth", 1024, HasRatio: false),
        new("streaming", "large body up, CPU s", "up-cpu", 1, 2, InChart: true),
        new("streaming", "large body up, memory growth, MB", "up-growth", 1024, HasRatio: false),
        new("idle WebSockets", "opened", "sockets-open", 1, 0, HasRatio: false),
        new("idle WebSockets", "memory a connection, kB", "sockets-memory", 1, InChart: true),
        new("start", "first proxied answer, ms", "start", 1, 0, InChart: true),
        new("start", "CPU time until then, ms", "start-cpu", 1, 0),
        new("start", "first proxied answer with a tenth of a core, ms", "start-tenth", 1, 0),
        new("start", "published files, MB", "size", 1024, 1, HasRatio: false),
        new("resident memory", "idle, MB", "memory-idle", 1024),
        new("resident memory", "after load, MB", "memory-loaded", 1024, InChart: true),
        new("resident memory", "25 s after load, MB", "memory-quiet", 1024),
        new("errors", "failed requests of the load, all rounds", "errors", 1, 0, HasRatio: false),
    ];

    private static IEnumerable<Row> Load(string topic, string metric, double scale, int decimals, bool inChart = false) =>
        Cells(topic, metric, scale, decimals, inChart)
            .Append(new Row(topic, "1 KB by an application, 64 conn.", $"{metric}-64-app", scale, decimals, InChart: metric == "p99"));

    private static IEnumerable<Row> Cells(string topic, string metric, double scale, int decimals, bool inChart) =>
        from size in (string[])["1k", "64k"]
        from connections in (int[])[1, 64, 256]
        let title = $"{size[..^1]} KB, {connections} connection{(connections == 1 ? "" : "s")}"
        select new Row(topic, title, $"{metric}-{connections}-{size}", scale, decimals,
            (inChart && connections == 64) || (metric is "rps" or "p99" && connections == 64 && size == "1k"));

    private static IEnumerable<Row> Rate(string topic) =>
    [
        new(topic, "p50, ms", "p50-rate", 1000, 3),
        new(topic, "p99, ms", "p99-rate", 1000, 3, InChart: true),
        new(topic, "p99.9, ms", "p999-rate", 1000, 3),
        new(topic, "CPU time a request, µs", "cpu-rate"),
        new(topic, "answered, % of the rate", "held", HasRatio: false),
        new(topic, "sent late, p99, ms", "late-rate", 1000, 3, HasRatio: false),
    ];
}
