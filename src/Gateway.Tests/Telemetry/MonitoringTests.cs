using System.Text.Json;
using System.Text.RegularExpressions;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Deploy;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Telemetry;

/// <summary>Alert rules and dashboard ask for figures that gateways export once something has made them.</summary>
public sealed partial class MonitoringTests(RealStores stores)
{
    // Prometheus' own, and one that is there only while tokens wait for a database that is away.
    private static readonly string[] NotExportedHere = ["up", "fathom_rescued_tokens"];

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Each_figure_and_each_label_that_an_expression_names_is_exported()
    {
        var exported = await FlowsAsync() + await ConnectionsAsync() + await WithoutRedisAsync() + await RefusedAsync(TokenReply.Refusal("invalid_client", 401)) + await RefusedAsync(new TokenReply { Status = 429 });
        var expressions = Expressions();

        Assert.True(expressions.Length > 20, $"{expressions.Length} expressions");
        foreach (var expression in expressions)
        {
            foreach (var name in Figures(expression).Except(NotExportedHere))
            {
                Assert.True(Regex.IsMatch(exported, $@"^{name}[{{ ]", RegexOptions.Multiline), $"no gateway exports {name} of: {expression}");
            }

            foreach (Match selector in EqualTo().Matches(expression).Where(match => !match.Value.StartsWith("job", StringComparison.Ordinal)))
            {
                Assert.True(exported.Contains(selector.Value, StringComparison.Ordinal), $"no gateway exports {selector.Value} of: {expression}");
            }
        }
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

    /// <summary>Connect, callback, a proxied request, a token for the backend, a refresh, and too many of the first.</summary>
    private async Task<string> FlowsAsync()
    {
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync()));
        var user = Fresh.User();
        await stage.LinkAsync(user);
        await stage.Gateway.Client.GetAsync("anything");
        await stage.Gateway.TokenAsync(user, "?rejected_version=1");
        for (var answered = 200; answered == 200;) answered = (int)(await stage.ConnectAsync(Jwt.For(user))).StatusCode;
        GC.Collect();
        return await MetricsAsync(stage);
    }

    /// <summary>Counted in the background. In a process of its own: in this one a reader sees the instruments of every gateway under test.</summary>
    private static async Task<string> ConnectionsAsync()
    {
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded());
        var text = "";
        await Eventually.BecomesTrueAsync(
            async () => (text = await gateway.InternalClient.GetStringAsync("metrics")).Contains("fathom_connections{", StringComparison.Ordinal),
            TimeSpan.FromMinutes(2),
            "the connections are counted");
        return text;
    }

    private async Task<string> WithoutRedisAsync()
    {
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores("redis://127.0.0.1:9", await stores.NewDatabaseAsync()));
        Assert.Equal(503, (int)(await stage.ConnectAsync(Jwt.For(Fresh.User()))).StatusCode);
        return await MetricsAsync(stage);
    }

    /// <summary>A refresh that the provider answers so.</summary>
    private static async Task<string> RefusedAsync(TokenReply reply)
    {
        await using var stage = await Stage.StartAsync();
        var user = Fresh.User();
        await stage.LinkAsync(user);
        stage.Provider.Answers(reply);
        using var answer = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/access-token?rejected_version=1");
        Assert.Equal(503, (int)answer.StatusCode);
        return await MetricsAsync(stage);
    }

    private static Task<string> MetricsAsync(Stage stage) => stage.Gateway.InternalClient.GetStringAsync("metrics");

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

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring)\s*\([^)]*\)|\b(?:and|or|unless)\b")]
    private static partial Regex NotFigures();

    [GeneratedRegex(@"\b[a-z_][a-z0-9_]*\b(?!\s*\()")]
    private static partial Regex Identifier();

    [GeneratedRegex("[a-z_]+=\"[^\"]*\"")]
    private static partial Regex EqualTo();
}
