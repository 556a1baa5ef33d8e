using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using FathomGateway.Sandbox;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Sandbox.Show;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>A receiver that a person has written and tries at the sandbox: <c>--events-url</c>.</summary>
public sealed class OwnReceiverTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_receiver_of_ones_own_gets_the_events_of_the_sandbox_and_the_variables_to_handle_them()
    {
        await using var receiver = EventReceiver.Start();
        await using var walk = await ConnectedAsync(receiver);
        await Eventually.BecomesTrueAsync(() => receiver.Count == 1, Soon, "the event comes");

        var variables = Regex.Matches(string.Join(' ', walk.Sandbox.ReceiverVariables), "([A-Z_]+)='?([^' ]+)")
            .ToDictionary(one => one.Groups[1].Value, one => one.Groups[2].Value);
        var told = receiver.Received[0];
        Assert.Equal("connection.connected", told.Type);
        told.IsSignedWith(variables["EVENTS_SECRET"]);
        Assert.Equal($"{new Uri(new Uri(receiver.Url), "/fathom-webhook")}", variables["FATHOM_WEBHOOK_URL"]);
        using var http = PlainHttpClient.Create(new Uri(variables["FATHOM_GATEWAY"]));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", variables["INTERNAL_API_KEY"]);
        using var meetings = await http.GetAsync($"/connections/{Uri.EscapeDataString(told.UserId)}/fathom/meetings");
        Assert.Equal(HttpStatusCode.OK, meetings.StatusCode);
    }

    [Fact]
    public async Task The_sandbox_shows_what_a_receiver_of_ones_own_has_answered()
    {
        await using var receiver = EventReceiver.Start();
        receiver.Answers(EventReceiver.Status(418));
        await using var walk = await ConnectedAsync(receiver);

        await IsShownAsync(walk, "event answered by your receiver: 418");
    }

    [Fact]
    public async Task The_sandbox_shows_that_a_receiver_of_ones_own_could_not_be_reached()
    {
        var receiver = EventReceiver.Start();
        await receiver.DisposeAsync();
        await using var walk = await ConnectedAsync(receiver);

        await IsShownAsync(walk, "event not taken by your receiver (ConnectionError): 502");
    }

    [Fact]
    public async Task The_sandbox_prints_the_variables_for_a_receiver_of_ones_own()
    {
        var (output, errors) = (new LineWriter(), new LineWriter());
        using var stop = new CancellationTokenSource();
        string[] arguments = ["--events-url", "http://127.0.0.1:3000/fathom-events"];
        var running = SandboxCommand.RunAsync(arguments, output, errors, stop.Token);
        await Eventually.BecomesTrueAsync(() => output.Lines.Contains("Ctrl+C ends it."), Soon, "it runs");
        await stop.CancelAsync();
        Assert.Equal(0, await running.WaitAsync(Soon));

        Assert.Contains(output.Lines, line => line.StartsWith("  export EVENTS_SECRET='whsec_", StringComparison.Ordinal));
        Assert.Contains(output.Lines, line => line.EndsWith("='http://127.0.0.1:3000/fathom-webhook'", StringComparison.Ordinal));
    }

    private static Task IsShownAsync(SandboxFlow walk, string hop) => Eventually.BecomesTrueAsync(
        async () => (await walk.SceneAsync()).GetRawText().Contains(hop, StringComparison.Ordinal), Soon, $"{hop} is shown");

    /// <summary>A user has connected.</summary>
    private static async Task<SandboxFlow> ConnectedAsync(EventReceiver receiver)
    {
        var walk = await SandboxFlow.BeginAsync(new SandboxOptions { EventsUrl = new Uri(receiver.Url) });
        Assert.Equal("connected", await walk.ReturnAsync(await walk.DecideAsync("allow")));
        return walk;
    }
}
