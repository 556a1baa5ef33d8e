using System.Text.RegularExpressions;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency;
using Xunit;

namespace FathomGateway.Tests.Hosting;

/// <summary>Anonymous requests write at most one log line a minute of each kind.</summary>
[Trait("Speed", "Slow")]
public sealed partial class RequestFaultLogTests : IAsyncLifetime
{
    private const int Repeats = 5;

    private readonly int _tlsPort = FreePort.Next();
    private Pair _pair = null!;
    private int _before;

    public static TheoryData<string> Bytes() => [.. RequestFaults.Bytes.Keys];

    public static TheoryData<string> Resets() => [.. RequestFaults.Resets.Keys];

    public static TheoryData<string> Frames() => [.. RequestFaults.Frames.Keys];

    public static TheoryData<string> Handshakes() => [.. RequestFaults.Handshakes.Keys];

    [Theory]
    [MemberData(nameof(Bytes))]
    public Task Invalid_requests_log_one_line_a_minute(string name) => OneLineAtMostAsync(() =>
        RequestFaults.SendAsync(_pair.Gateway.Public, RequestFaults.Bytes[name]));

    [Theory]
    [MemberData(nameof(Resets))]
    public Task Aborted_connections_log_one_line_a_minute(string name) => OneLineAtMostAsync(() =>
        RequestFaults.ResetAsync(_pair.Gateway.Public, RequestFaults.Resets[name]));

    [Theory]
    [MemberData(nameof(Frames))]
    public Task Invalid_HTTP_2_frames_log_one_line_a_minute(string name) => OneLineAtMostAsync(() =>
        RequestFaults.SendFramesAsync(_pair.Http2, RequestFaults.Frames[name]()));

    [Theory]
    [MemberData(nameof(Handshakes))]
    public Task Invalid_TLS_handshakes_log_one_line_a_minute(string name) => OneLineAtMostAsync(() =>
        RequestFaults.SendAsync(Tls, RequestFaults.Handshakes[name]));

    [Fact]
    public Task Clients_that_refuse_the_certificate_log_one_line_a_minute() =>
        OneLineAtMostAsync(() => RequestFaults.RefuseCertificateAsync(Tls));

    [Theory]
    [InlineData("")]
    [InlineData("garbage\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut")]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\n")]
    public async Task Malformed_backend_responses_log_one_line_a_minute(string answer)
    {
        _pair.Backend.Answers(async (_, exchange) =>
        {
            await exchange.SendAsync(answer);
            exchange.Close();
        });
        await OneLineAtMostAsync(() =>
            RequestFaults.SendAsync(_pair.Gateway.Public, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    }

    [Fact]
    public async Task Requests_to_a_backend_that_is_down_log_one_line_a_minute_and_are_counted()
    {
        await _pair.Backend.DisposeAsync();
        await OneLineAtMostAsync(() =>
            RequestFaults.SendAsync(_pair.Gateway.Public, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));

        Assert.Contains(Lines(), line => line.Contains("could not be forwarded", StringComparison.Ordinal));
        var metrics = await _pair.Gateway.InternalClient.GetStringAsync("metrics");
        var counted = Counted().Matches(metrics).Where(one =>
            one.Groups["category"].Value.StartsWith("FathomGateway.Proxy", StringComparison.Ordinal));
        Assert.True(counted.Sum(one => int.Parse(one.Groups["count"].Value, null)) >= Repeats, metrics);
    }

    public async ValueTask InitializeAsync()
    {
        _pair = await Pair.WithAsync(
            ("Kestrel:Endpoints:Https:Url", $"{Tls}"), ("Kestrel:Endpoints:Https:Certificate:Path", SelfSigned.CreateFile()),
                ("Kestrel:Endpoints:Https:Certificate:Password", SelfSigned.Password));
        _before = Lines().Length;
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    private Uri Tls => new($"https://127.0.0.1:{_tlsPort}/");

    private async Task OneLineAtMostAsync(Func<Task> fault)
    {
        for (var i = 0; i < Repeats; i++) await fault();

        var kinds = Lines().Skip(_before).GroupBy(line => Ids().Replace(line.Split('\n')[0], "#"));
        Assert.All(kinds, kind => Assert.True(kind.Count() == 1, $"{kind.Count()} times: {kind.First()}"));
    }

    /// <summary>What an operator's log has by default.</summary>
    private string[] Lines() => [.. _pair.Gateway.Log.Lines.Where(line => Level().IsMatch(line))];

    [GeneratedRegex("^(Information|Warning|Error|Critical) ")]
    private static partial Regex Level();

    [GeneratedRegex("\"[0-9A-Z:]+\"")]
    private static partial Regex Ids();

    [GeneratedRegex("^fathom_request_faults_total\\{.*category=\"(?<category>[^\"]*)\".*\\} (?<count>[0-9]+)", RegexOptions.Multiline)]
    private static partial Regex Counted();
}
