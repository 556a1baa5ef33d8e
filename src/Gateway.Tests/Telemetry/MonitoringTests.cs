using System.Text.Json;
using System.Text.RegularExpressions;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Deploy;
using FathomGateway.Tests.Faults;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Telemetry;

/// <summary>Alert rules and dashboard ask for figures that gateways export once something has made them.</summary>
public sealed partial class MonitoringTests(RealStores stores)
{
    // Prometheus' own.
    private static readonly string[] NotExportedHere = ["up"];

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Each_metric_and_label_that_an_alert_or_dashboard_names_is_exported()
    {
        var exported = await ExportedFigures.AllAsync(stores);
        var expressions = Expressions();

        Assert.True(expressions.Length > 20, $"{expressions.Length} expressions");
        foreach (var expression in expressions)
        {
            foreach (var name in Figures(expression).Except(NotExportedHere))
            {
                Assert.True(
                    Regex.IsMatch(exported, $@"^{name}[{{ ]", RegexOptions.Multiline), $"no gateway exports {name} of: {expression}");
            }

            foreach (Match selector in EqualTo().Matches(expression)
                .Where(match => !match.Value.StartsWith("job", StringComparison.Ordinal)))
            {
                Assert.True(
                    exported.Contains(selector.Value, StringComparison.Ordinal), $"no gateway exports {selector.Value} of: {expression}");
            }
        }

        foreach (Match named in NamedInTable().Matches(
            Installed.Read("docs", "operations.md").Split("## Metrics and alerts")[1].Split("\n## ")[0]))
        {
            Assert.True(
                Regex.IsMatch(exported, $@"^{named.Groups[1].Value}(_[a-z]+)?[{{ ]", RegexOptions.Multiline),
                $"no gateway exports {named.Groups[1].Value}, which docs/operations.md names");
        }
    }

    /// <summary>The driver names its pool by the connection string, unless it is given a name.</summary>
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task No_metric_names_the_database_or_its_password_T23()
    {
        var database =
            $"{PostgresTestDatabase.ToNpgsql(await stores.NewDatabaseAsync())};Password=p-canary;Persist Security Info=true;Pooling=true";
        using var provider = ScriptedProvider.Start();
        await using var gateway =
            await GatewayProcess.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), database, provider.Settings));
        await gateway.WarmUpAsync();

        var metrics = await gateway.InternalClient.GetStringAsync("metrics");
        Assert.Contains("db_client_connection_pool_name=\"fathom-gateway\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("Host=", metrics, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Metrics_are_served_while_Redis_and_PostgreSQL_are_silent_F3_F9()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var postgres = await PostgresServer.StartAsync();
        await using var stage =
            await Stage.StartAsync(TestSettings.OnRealStores(redis.ConnectionString, await postgres.CreateDatabaseAsync()));
        await stage.WarmUpAsync();
        redis.Suspend();
        postgres.Suspend();

        // None of them needs an answer of a store: neither would ever give one.
        var scrapes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => stage.Gateway.InternalClient.GetStringAsync("metrics")));
        Assert.All(scrapes, text => Assert.Contains("fathom_redis_duration_seconds", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_alert_says_what_it_is_and_what_to_do()
    {
        var rules = Yaml.Load("deploy/monitoring/alerts.yml").At("groups/0/rules").Items();
        Assert.NotEmpty(rules);
        Assert.All(rules, rule =>
        {
            Assert.Matches("^Fathom[A-Za-z]+$", rule.Text("alert"));
            Assert.Contains(rule.Text("labels/severity"), (string[])["critical", "warning"]);
            Assert.NotEmpty(rule.Text("annotations/summary")!);
            Assert.NotEmpty(rule.Text("annotations/action")!);
        });
    }

    private static string[] Expressions()
    {
        using var dashboard = JsonDocument.Parse(Installed.Read("deploy", "monitoring", "grafana-dashboard.json"));
        string[] panels = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)];
        return [.. panels, .. Yaml.Load("deploy/monitoring/alerts.yml").At("groups/0/rules").Items().Select(rule => rule.Text("expr")!)];
    }

    /// <summary>The names that are left when labels, ranges, groupings and functions are taken away.</summary>
    private static IEnumerable<string> Figures(string expression) =>
        Identifier().Matches(NotFigures().Replace(expression, " ")).Select(match => match.Value).Distinct();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring)\s*\([^)]*\)|\b(?:and|or|unless)\b|\boffset \w+")]
    private static partial Regex NotFigures();

    [GeneratedRegex(@"\b[a-z_][a-z0-9_]*\b(?!\s*\()")]
    private static partial Regex Identifier();

    [GeneratedRegex("^\\| `([a-z_]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex NamedInTable();

    [GeneratedRegex("[a-z_]+=\"[^\"]*\"")]
    private static partial Regex EqualTo();
}
