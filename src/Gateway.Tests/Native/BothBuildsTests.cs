using System.Text.RegularExpressions;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Native;

/// <summary>
/// The published file that <c>GATEWAY</c> names beside the build that these tests come with, on the same stores: the same bytes for the
/// same request, and the same words for the same command.
/// </summary>
[Trait("Speed", "Slow")]
public sealed partial class BothBuildsTests : IAsyncLifetime
{
    private const string Key = $"Authorization: Bearer {TestSettings.InternalApiKey}\r\n";

    private readonly RecordingBackend _backend = RecordingBackend.Start();
    private readonly Dictionary<string, string?> _settings;
    private readonly List<GatewayProcess> _builds = [];

    public BothBuildsTests() => _settings = TestSettings.Embedded(
        ("BACKEND_URL", $"{_backend.Address}"), ("PUBLIC_STATUS", "true"));

    /// <summary>What each is asked; the head ends with what the request adds to it, and a body.</summary>
    public static TheoryData<bool, string, string> Requests() => new()
    {
        { true, "GET /any/route?a=1&a=2", "Accept: a\r\naccept: b\r\n\r\n" },
        { true, "POST /any/route", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" },
        { true, "HEAD /any/route", "\r\n" },
        { true, "OPTIONS *", "\r\n" },
        { true, "GET /two hosts", "Host: other\r\n\r\n" },
        { true, "GET /broken", "A name: value\r\n\r\n" },
        { true, "GET /both", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { true, "GET /fathom/connect", "\r\n" },
        { true, "POST /fathom/connect", "Content-Length: 0\r\n\r\n" },
        { true, "GET /fathom/connect", $"Authorization: Bearer {Jwt.For("ann")}\r\n\r\n" },
        { true, "GET /fathom/status", $"Authorization: Bearer {Jwt.For("ann")}\r\n\r\n" },
        { true, "GET /fathom/status", $"Authorization: Bearer {Jwt.For("nobody")}\r\n\r\n" },
        { true, "DELETE /fathom/connection", $"Authorization: Bearer {Jwt.For("nobody")}\r\n\r\n" },
        { true, "GET /fathom/callback?code=c&state=none", "\r\n" },
        { true, "GET /fathom/callback?error=access_denied&state=none", "\r\n" },
        { false, "GET /health/live", "\r\n" },
        { false, "GET /health/ready", "\r\n" },
        { false, "POST /health/ready", "Content-Length: 0\r\n\r\n" },
        { false, "GET /openapi.json", "\r\n" },
        { false, "GET /no-such-route", "\r\n" },
        { false, "GET /connections/ann", "\r\n" },
        { false, "GET /connections/ann", $"{Key}\r\n" },
        { false, "GET /connections/%FF", $"{Key}\r\n" },
        { false, "GET /connections/nobody", $"{Key}\r\n" },
        { false, "DELETE /connections/nobody", $"{Key}\r\n" },
        { false, "GET /connections?limit=10", $"{Key}\r\n" },
        { false, "GET /connections?status=odd", $"{Key}\r\n" },
        { false, "GET /connections/ann/access-token", $"{Key}\r\n" },
        { false, "GET /connections/ann/access-token?rejected_version=1", $"{Key}\r\n" },
        { false, "GET /connections/ann/access-token?rejected_version=x", $"{Key}\r\n" },
        { false, "GET /events?limit=1", $"{Key}\r\n" },
        { false, "POST /events/evt_1_00000000/redeliver", $"{Key}Content-Length: 0\r\n\r\n" },
    };

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(GatewayCommand.IsPublished, "GATEWAY names no published file.");
        foreach (var program in new[] { GatewayCommand.Built, GatewayCommand.Program }) await StartAsync(program);
        await using var beside = await GatewayUnderTest.StartAsync(_settings);
        await beside.StoreAsync("ann", "a1", "r1");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _builds) await one.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Fact]
    public async Task Both_builds_send_the_same_bytes_for_the_same_request()
    {
        List<string> differences = [];
        foreach (var (isPublic, line, rest) in Requests().Select(row => row.Data))
        {
            var answers = new List<string>();
            foreach (var build in _builds) answers.Add(await AnswerAsync(isPublic ? build.Public : build.Internal, line, rest));
            if (answers[0] != answers[1]) differences.Add($"{line}\n{answers[0]}\n-----\n{answers[1]}");
        }

        Assert.True(differences.Count == 0, string.Join("\n=====\n", differences));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("connections", "--help")]
    [InlineData("no-such-command")]
    [InlineData("connections", "list", "--json")]
    [InlineData("connections", "show", "ann", "--json")]
    [InlineData("events", "list", "--json")]
    [InlineData("doctor", "--json")]
    [InlineData("doctor")]
    public async Task Both_builds_print_the_same_text(params string[] arguments)
    {
        var one = await GatewayProcess.RunAsync(arguments, _settings, program: GatewayCommand.Built);
        var other = await GatewayProcess.RunAsync(arguments, _settings, program: GatewayCommand.Program);

        Assert.Equal(one.ExitCode, other.ExitCode);
        Assert.Equal(Plain(one.Output), Plain(other.Output));
        Assert.Equal(one.Errors, other.Errors);
    }

    [Theory]
    [InlineData("BACKEND_URL", "nowhere")]
    [InlineData("REDIS_URL", "redis://h:port")]
    [InlineData("DATABASE_URL", "postgresql://u@h/d?no=such")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "soon")]
    [InlineData("ReverseProxy__Routes__everything__Match__Path", "{**")]
    [InlineData("Kestrel__Limits__MaxConcurrentConnections", "many")]
    [InlineData("Logging__Console__FormatterOptions__UseUtcTimestamp", "perhaps")]
    public async Task Both_builds_report_a_wrong_setting_in_the_same_words(string name, string value)
    {
        Dictionary<string, string?> settings = new(_settings) { [name] = value, ["EMBEDDED"] = "false" };
        var one = await GatewayProcess.RunAsync([], settings, program: GatewayCommand.Built);
        var other = await GatewayProcess.RunAsync([], settings, program: GatewayCommand.Program);

        Assert.Equal(one, other);
    }

    private async Task StartAsync(IReadOnlyList<string> program) =>
        _builds.Add(await GatewayProcess.StartAsync(_settings, program: program));

    private static async Task<string> AnswerAsync(Uri address, string line, string rest)
    {
        await using var client = await RawClient.ConnectAsync(address);
        await client.SendAsync($"{line} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{rest}");
        var (text, _) = await client.ReadToEndAsync();
        return Random().Replace(text.Replace(address.Authority, "here", StringComparison.Ordinal), "$1…");
    }

    /// <summary>Without how long something took, and what the clock says.</summary>
    private static string Plain(string output) => Figures().Replace(output, "#");

    [GeneratedRegex(@"((?:^|\r\n)Date: |[?&]state=|[?&]code_challenge=|""traceId"":"")[^\r\n&""]+")]
    private static partial Regex Random();

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)? ?(ms|s)\b")]
    private static partial Regex Figures();
}
