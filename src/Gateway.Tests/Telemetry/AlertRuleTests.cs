using System.Text;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Deploy;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Telemetry;

/// <summary>Each alert fires on what it is for and none fires on a quiet day, by Prometheus' own reckoning.</summary>
public sealed class AlertRuleTests
{
    private const string TokenCalls = "fathom_token_requests_duration_seconds_count";

    /// <summary>What is scraped each minute, in promtool's notation, and the minute at which the alert is looked for.</summary>
    private static readonly Dictionary<string, (int Minute, string[] Series)> Fires = new()
    {
        ["FathomGatewayDown"] = (5, ["up{job=\"fathom-gateway\"} 0x60"]),
        // The first refusal of all, and no other: the count begins at 1.
        ["FathomClientRefused"] = (12, [TokenCalls + "{grant_type=\"refresh_token\",outcome=\"invalid_client\"} _x10 1x50"]),
        ["FathomConnectUnavailable"] = (15, ["fathom_connects_total{outcome=\"unavailable\"} 0+1x60"]),
        ["FathomEverybodyUnauthorized"] = (20,
            ["fathom_jwts_refused_total{reason=\"signature\"} 0+1x60", "fathom_connects_total{outcome=\"started\"} 7x60"]),
        ["FathomCallbacksFail"] =
            (25, ["fathom_callbacks_total{outcome=\"exchange_failed\"} 0+1x60", "fathom_callbacks_total{outcome=\"connected\"} 0+2x60"]),
        ["FathomTokensNotStored"] = (5, ["fathom_rescued_tokens{place=\"redis\"} 1x60"]),
        ["FathomRefreshesHeldBack"] = (12, [TokenCalls + "{grant_type=\"refresh_token\",outcome=\"rate_limited\"} _x10 1x50"]),
        ["FathomReconnectsRise"] =
            (40, ["fathom_connections{status=\"reconnect_required\"} 20x60", "fathom_connections{status=\"connected\"} 80x60"]),
        ["FathomRedisSlowOrAway"] = (15, ["fathom_redis_duration_seconds_count{outcome=\"failed\"} 0+1x60"]),
        ["FathomEventsWait"] = (25, ["fathom_events_oldest_seconds{instance=\"a\"} 0+60x60"]),
        ["FathomEventsRest"] = (10, ["fathom_events_resting{instance=\"a\"} 1x60"]),
        ["FathomClientsRefused"] = (15, ["fathom_client_refused_total{instance=\"a\",what=\"request\",short_of=\"memory\"} 0+1x60"]),
    };

    private static readonly string[] QuietDay =
    [
        "up{job=\"fathom-gateway\"} 1x60", TokenCalls + "{grant_type=\"refresh_token\",outcome=\"ok\"} 0+5x60",
        "fathom_callbacks_total{outcome=\"connected\"} 0+5x60", "fathom_callbacks_total{outcome=\"access_denied\"} 0+5x60",
        "fathom_rescued_tokens{place=\"redis\"} 0x60",
        "fathom_connections{status=\"reconnect_required\"} 1x60", "fathom_connections{status=\"connected\"} 99x60",
        "fathom_redis_duration_seconds_count{outcome=\"ok\"} 0+5x60",
        "fathom_client_refused_total{what=\"request\",short_of=\"memory\"} 3x60",
        "fathom_client_closed_total{reason=\"no_request\"} 0+9x60",
        // A client without a session, and a scanner, beside a user who connects.
        "fathom_jwts_refused_total{reason=\"absent\"} 0+9x60", "fathom_jwts_refused_total{reason=\"expired\"} 0+1x60",
            "fathom_connects_total{outcome=\"started\"} 0+1x60",
        "fathom_events_oldest_seconds{instance=\"a\"} 30x60", "fathom_events_resting{instance=\"a\"} 0x60",
        // Refused an hour ago, working since.
        TokenCalls + "{grant_type=\"refresh_token\",outcome=\"invalid_client\"} 7x60",
    ];

    [Fact]
    public void Each_alert_has_a_test_case() =>
        Assert.Equal(
            Yaml.Load("deploy/monitoring/alerts.yml").At("groups/0/rules").Items().Select(rule => rule.Text("alert")!).Order(),
            Fires.Keys.Order());

    [Fact]
    public void The_sample_Prometheus_configuration_has_the_job_that_the_alerts_expect()
    {
        var job = Yaml.Load("deploy/monitoring/prometheus.yml").Text("scrape_configs/0/job_name");
        Assert.Equal($"up{{job=\"{job}\"}} == 0", Yaml.Load("deploy/monitoring/alerts.yml").Text("groups/0/rules/0/expr"));
    }

    [Fact]
    public async Task Each_alert_fires_on_its_case_and_none_on_a_quiet_day()
    {
        var tests = new StringBuilder(
            $"rule_files: ['{Path.Combine(Repository.Root, "deploy/monitoring/alerts.yml")}']\nevaluation_interval: 1m\ntests:\n");
        foreach (var (alert, (minute, series)) in Fires) Add(
            tests, series, minute, $"count(ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"}})", "[{labels: '{}', value: 1}]");
        Add(tests, QuietDay, 45, "ALERTS", "[]");
        var file = Path.Combine(TempFolder.Create("alerts"), "tests.yml");
        await File.WriteAllTextAsync(file, tests.ToString());

        var (exitCode, said) = await Installed.RunAsync("promtool", "test", "rules", file);

        Assert.True(exitCode == 0, said);
    }

    private static void Add(StringBuilder tests, string[] series, int minute, string expression, string expected)
    {
        tests.Append("  - interval: 1m\n    input_series:\n");
        foreach (var (name, values) in series.Select(
            one => (one[..(one.IndexOf('}', StringComparison.Ordinal) + 1)], one[(one.IndexOf('}', StringComparison.Ordinal) + 2)..])))
        {
            tests.Append($"      - {{series: '{name}', values: '{values}'}}\n");
        }

        tests.Append($"    promql_expr_test:\n      - {{expr: '{expression}', eval_time: {minute}m, exp_samples: {expected}}}\n");
    }
}
