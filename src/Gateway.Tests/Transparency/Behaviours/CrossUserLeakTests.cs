using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>
/// Bytes outside ASCII in the path of HTTP/2 get as far as the HTTP client, which would count them wrongly and send on what the request
/// before, of another user, had left in the buffer of the same connection.
/// </summary>
public sealed class CrossUserLeakTests : IAsyncLifetime
{
    private const string Victim = "GET /victim HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer secret-of-the-victim\r\n\r\n";

    private readonly Pair _pair = new();

    public static TheoryData<string> Paths() =>
    [
        "/\u00e9", $"/\u00e9{new string('A', 150)}", $"/{new string('A', 150)}\u00e9", $"/\u00c3\u00a9{new string('A', 150)}",
        $"/a?x=\u00e9{new string('A', 150)}",
        $"/\u0080{new string('A', 150)}", $"/\u00ff{new string('A', 150)}", $"//\u00e9{new string('A', 150)}",
        $"http://h/\u00e9{new string('A', 150)}",
    ];

    public ValueTask InitializeAsync() => _pair.InitializeAsync();

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_request_of_one_user_is_never_sent_in_place_of_anothers(string path)
    {
        await Kit.RawClient.ExchangeAsync(_pair.Gateway.Public, Victim);
        await using var attacker = await Http2Client.ConnectAsync(_pair.Http2);

        var response = await attacker.ExchangeAsync(new Http2Request("GET", path, []));

        Assert.True(response.Status == "400" || response.ResetBy is not null, $"answered {response.Status} {response.Body}");
        await Kit.RawClient.ExchangeAsync(_pair.Gateway.Public, "GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal(["/victim", "/next"], _pair.Backend.Requests.Select(request => request.Head.Target));
        Assert.DoesNotContain("secret", _pair.Backend.Requests[1].Head.Text, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
