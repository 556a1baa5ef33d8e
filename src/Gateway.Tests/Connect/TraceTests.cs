using System.Text.Json;
using System.Text.RegularExpressions;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>A user who gets a problem can quote its <c>traceId</c>, and an operator finds the request in the log by it.</summary>
public sealed partial class TraceTests
{
    [Theory]
    [InlineData("GET", "fathom/connect")]
    [InlineData("GET", "fathom/status")]
    [InlineData("DELETE", "fathom/connection")]
    [InlineData("POST", "fathom/confirm")]
    public async Task The_log_line_of_a_fault_has_the_trace_id_of_its_problem_response(string method, string path)
    {
        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(
            ("VERIFY_USER_URL", "http://127.0.0.1:9/me"), ("PUBLIC_STATUS", "true"), ("LINK_BINDING", "confirm")));
        using var response = await AskAsync(gateway, new HttpMethod(method), path);

        Assert.Equal(503, (int)response.StatusCode);
        var trace = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("traceId").GetString()!;
        await ComplainedOnceAsync(gateway, trace);
    }

    [Theory]
    [InlineData("access-token")]
    [InlineData("fathom/meetings")]
    public async Task The_log_line_of_a_fault_at_the_internal_listener_has_the_trace_id_of_its_response(string route)
    {
        await using var stage = await Stage.StartAsync(TestSettings.Embedded());
        var user = Fresh.User();
        await stage.LinkAsync(user);
        stage.EndAccessToken(user);
        stage.Provider.Answers(new TokenReply { Status = 503 });

        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/{route}");

        Assert.Equal(503, (int)response.StatusCode);
        var trace = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("traceId").GetString()!;
        await ComplainedOnceAsync(stage.Gateway, trace);
    }

    [Fact]
    public async Task Many_failed_requests_write_one_log_line_whatever_their_trace_ids()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("VERIFY_USER_URL", "http://127.0.0.1:9/me")));
        for (var i = 0; i < 5; i++)
        {
            using var response = await AskAsync(gateway, HttpMethod.Get, "fathom/connect");
        }

        Assert.Single(gateway.Log.Complaints, line => line.Contains("was answered 503", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_access_log_has_the_trace_id_of_every_problem_response()
    {
        await using var stage = await Stage.StartAsync(("ACCESS_LOG", "true"), ("FATHOM_API_URL", "http://127.0.0.1:1/api"));
        var user = Fresh.User();
        await stage.LinkAsync(user);

        using var refused = await stage.ConnectAsync(token: null);
        using var unrelayed = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/fathom/meetings");
        using var unknown = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{Fresh.User()}");

        foreach (var response in new[] { refused, unrelayed, unknown })
        {
            var trace = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("traceId").GetString()!;
            await Eventually.BecomesTrueAsync(
                () => stage.Gateway.Log.Lines.Any(line => AccessLine().Match(line).Groups[1].Value == trace),
                TimeSpan.FromSeconds(20),
                $"{trace} is in the access log");
        }

        Assert.Contains(stage.Gateway.Log.Complaints, line => NotRelayedLine().IsMatch(line));
    }

    /// <summary>The line of a process arrives after its answer.</summary>
    private static Task ComplainedOnceAsync(GatewayUnderTest gateway, string trace) => Eventually.BecomesTrueAsync(
        () => gateway.Log.Complaints.Count(line => line.Contains($"(trace {trace})", StringComparison.Ordinal)) == 1,
        TimeSpan.FromSeconds(30),
        "the line of the fault has its trace");

    private static async Task<HttpResponseMessage> AskAsync(GatewayUnderTest gateway, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", Jwt.For(Fresh.User()));
        return await gateway.Client.SendAsync(request);
    }

    [GeneratedRegex("could not be relayed .*, trace [^ ]+\\)")]
    private static partial Regex NotRelayedLine();

    [GeneratedRegex("aborted: False, trace ([^ ]+)$")]
    private static partial Regex AccessLine();
}
