using System.Globalization;
using System.Text.Json;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Hosting;

/// <summary>The log of a process during an outage, as an operator reads it.</summary>
[Trait("Speed", "Slow")]
public sealed class LogFormTests
{
    [Fact]
    public async Task Log_lines_in_Production_are_JSON_with_a_timestamp_and_the_access_log_has_no_query()
    {
        await using var gateway =
            await GatewayProcess.StartAsync(TestSettings.Embedded(("ASPNETCORE_ENVIRONMENT", "Production"), ("ACCESS_LOG", "true")));
        var code = Fresh.Code();
        await gateway.Client.GetAsync($"fathom/callback?code={code}&state=x");
        Assert.Equal(0, await gateway.TerminateAsync());

        var lines = gateway.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToArray();

        Assert.All(lines, line => Assert.True(DateTimeOffset.TryParse(
            line.GetProperty("Timestamp").GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)));
        Assert.Contains(lines, line => line.GetProperty("Message").GetString()!.StartsWith("Serving on port", StringComparison.Ordinal));
        var served = lines.Where(line => line.GetProperty("Category").GetString() == "FathomGateway.Telemetry.AccessLog")
            .Select(line => line.GetProperty("State"));
        Assert.Single(served, one => (
            one.GetProperty("Method").GetString(),
            one.GetProperty("Path").GetString(),
            one.GetProperty("Status").GetInt32()) == ("GET", "/fathom/callback", 302));
        Assert.DoesNotContain(code, gateway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_line_is_written_by_one_system_call()
    {
        const int Lines = 200;
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(("ACCESS_LOG", "true")));
        // Longer than the framework's buffer.
        var path = new string('x', 500);
        await gateway.Client.GetAsync(path);
        var before = await WriteCallsAsync();

        for (var line = 0; line < Lines; line++) await gateway.Client.GetAsync(path);
        await Eventually.BecomesTrueAsync(
            () => gateway.Output.Split($"/{path}").Length == Lines + 2, TimeSpan.FromSeconds(30), "all lines are written");

        // The runtime makes a few calls of its own.
        Assert.InRange(await WriteCallsAsync() - before, Lines, Lines * 3 / 2);

        // What the kernel counts as written by this process: sockets are not in it.
        async Task<long> WriteCallsAsync() => (await File.ReadAllLinesAsync($"/proc/{gateway.ProcessId}/io"))
            .Where(line => line.StartsWith("syscw: ", StringComparison.Ordinal))
            .Select(line => long.Parse(line[7..], CultureInfo.InvariantCulture))
            .Single();
    }

    [Fact]
    public async Task Log_lines_in_Development_are_text_that_begins_with_the_time()
    {
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(("ACCESS_LOG", "true")));
        await gateway.Client.GetAsync("anything?secret=1");
        Assert.Equal(0, await gateway.TerminateAsync());

        var lines = gateway.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.All(lines, line => Assert.Matches(@"^\d\d:\d\d:\d\d\.\d{3} (info|warn): ", line));
        Assert.Single(lines, line => line.Contains("GET /anything HTTP/1.1 502 ", StringComparison.Ordinal));
        // The framework would write a line or two for each request, with its query.
        Assert.DoesNotContain(lines, line => line.Contains("info: Microsoft.AspNetCore.", StringComparison.Ordinal));
    }

    /// <summary>The client library of Redis alone would write a stack trace for each of its attempts, four a second.</summary>
    [Fact]
    public async Task Stores_that_are_down_are_logged_once_each_without_a_stack_trace()
    {
        var settings = TestSettings.OnRealStores(
            "redis://127.0.0.1:9", "postgresql://u:p@127.0.0.1:9/d", ("Logging__LogLevel__FathomGateway.Tokens.Schema", "Debug"));
        await using var gateway = await GatewayProcess.StartAsync(settings);
        using var connect = new HttpRequestMessage(HttpMethod.Get, "fathom/connect")
        {
            Headers = { { "Authorization", $"Bearer {Jwt.For(Fresh.User())}" } },
        };
        await gateway.Client.SendAsync(connect);
        await Eventually.BecomesTrueAsync(
            () => gateway.Output.Contains("Redis cannot serve", StringComparison.Ordinal)
                && Lines(gateway, "The database is still not usable").Length > 3,
            TimeSpan.FromSeconds(120),
            "both have been tried several times");
        using var probe = await gateway.InternalClient.GetAsync("health/ready");
        await gateway.TerminateAsync();

        Assert.Empty(Lines(gateway, "Health check"));
        Assert.Single(Lines(gateway, "Redis cannot serve"));
        // Once for each reason: on a busy machine, an attempt may also run into its limit, and the next has the first reason again.
        Assert.InRange(
            Lines(gateway, "The database is not usable yet").Length, 1, Lines(gateway, "The database is still not usable").Length - 1);
        Assert.Contains(Lines(gateway, "The database is not usable yet"), line => line.Contains("127.0.0.1:9", StringComparison.Ordinal));
        var shown = gateway.Output.Split('\n').Where(line => !line.Contains(" dbug: ", StringComparison.Ordinal)).ToArray();
        Assert.All(shown, line => Assert.DoesNotContain("   at ", line, StringComparison.Ordinal));
        Assert.All(shown, line => Assert.DoesNotContain("StackExchange", line, StringComparison.Ordinal));
    }

    private static string[] Lines(
        GatewayProcess gateway,
        string words) => [.. gateway.Output.Split('\n').Where(line => line.Contains(words, StringComparison.Ordinal))];

    [Fact]
    public async Task An_ACCESS_LOG_value_that_is_neither_on_nor_off_stops_the_start()
    {
        var (exitCode, _, errors) = await GatewayProcess.RunAsync([], TestSettings.Embedded(("ACCESS_LOG", "maybe")));

        Assert.Equal(78, exitCode);
        Assert.Contains("ACCESS_LOG", errors, StringComparison.Ordinal);
    }
}
