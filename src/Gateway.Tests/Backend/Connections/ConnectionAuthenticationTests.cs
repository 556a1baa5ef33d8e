using System.Collections.Concurrent;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>
/// NTLM and Negotiate (RFC 4559) authenticate a connection, not a request: over Alice's connection every user would be Alice.
/// </summary>
public sealed class ConnectionAuthenticationTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<Stream, string> _users = [];
    private readonly ConcurrentDictionary<Stream, bool> _challenged = [];
    private ProxiedBackend _proxied = null!;

    public async ValueTask InitializeAsync() => _proxied = await ProxiedBackend.StartAsync(AnswerAsync);

    [Theory]
    [InlineData("NTLM")]
    [InlineData("Negotiate")]
    [InlineData("ntlm")]
    public async Task A_connection_that_a_client_authenticated_in_two_steps_serves_that_client_alone_B4(string scheme)
    {
        await using var alice = await RawClient.ConnectAsync(_proxied.Http11);
        Assert.Equal("401 ", await AskAsync(alice));
        Assert.Equal("401 ", await AskAsync(alice, $"{scheme} first"));
        // Others are served in between, over connections that are free.
        for (var i = 0; i < 3; i++) Assert.Equal("401 ", await AskMalloryAsync());
        Assert.Equal("200 hello alice", await AskAsync(alice, $"{scheme} second-alice"));

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("401 ", await AskMalloryAsync());
            Assert.Equal("200 hello alice", await AskAsync(alice));
        }
    }

    [Fact]
    public async Task A_connection_that_a_client_authenticated_in_one_step_serves_that_client_alone_B4()
    {
        await using var alice = await RawClient.ConnectAsync(_proxied.Http11);
        Assert.Equal("200 hello alice", await AskAsync(alice, "Negotiate whole-alice"));

        Assert.Equal("401 ", await AskMalloryAsync());
        Assert.Equal("200 hello alice", await AskAsync(alice));
    }

    [Fact]
    public async Task A_closed_client_leaves_no_authenticated_backend_connection_B4()
    {
        await using (var alice = await RawClient.ConnectAsync(_proxied.Http11))
        {
            Assert.Equal("200 hello alice", await AskAsync(alice, "Negotiate whole-alice"));
        }

        for (var i = 0; i < 5; i++) Assert.Equal("401 ", await AskMalloryAsync());
    }

    [Fact]
    public async Task Two_clients_that_authenticate_at_once_keep_connections_of_their_own_B4()
    {
        await using var alice = await RawClient.ConnectAsync(_proxied.Http11);
        await using var bob = await RawClient.ConnectAsync(_proxied.Http11);
        Assert.Equal("401 ", await AskAsync(alice, "NTLM first"));
        Assert.Equal("401 ", await AskAsync(bob, "NTLM first"));
        Assert.Equal("200 hello bob", await AskAsync(bob, "NTLM second-bob"));
        Assert.Equal("200 hello alice", await AskAsync(alice, "NTLM second-alice"));

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("200 hello alice", await AskAsync(alice));
            Assert.Equal("200 hello bob", await AskAsync(bob));
            Assert.Equal("401 ", await AskMalloryAsync());
        }
    }

    /// <summary>Other schemes authenticate one request, so its connection is shared.</summary>
    [Theory]
    [InlineData("Basic eDp5")]
    [InlineData("Bearer a.b.c")]
    public async Task Basic_and_Bearer_requests_of_several_clients_share_a_backend_connection_B4(string credentials)
    {
        _proxied.Backend.Script = RawResponse.Verbatim("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n");
        for (var i = 0; i < 3; i++)
        {
            await using var client = await RawClient.ConnectAsync(_proxied.Http11);
            await AskAsync(client, credentials);
        }

        Assert.Equal(1, _proxied.Backend.Connections);
    }

    public ValueTask DisposeAsync() => _proxied.DisposeAsync();

    private async Task<string> AskMalloryAsync()
    {
        await using var mallory = await RawClient.ConnectAsync(_proxied.Http11);
        return await AskAsync(mallory);
    }

    private static async Task<string> AskAsync(RawClient client, string? credentials = null)
    {
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: h\r\n{(credentials is null ? "" : $"Authorization: {credentials}\r\n")}\r\n");
        var response = await client.ReadResponseAsync();
        return $"{response.Status} {response.BodyText}";
    }

    /// <summary>As IIS does it: the second step must use the connection of the first, and authenticates all later requests on it.</summary>
    private async Task AnswerAsync(RawExchange exchange)
    {
        await exchange.ReadRequestAsync();
        var word = exchange.Head.Value("Authorization")?.Split(' ')[^1] ?? "";
        if (word == "first") _challenged[exchange.Stream] = true;
        var isSecond = word.StartsWith("second-", StringComparison.Ordinal) && _challenged.ContainsKey(exchange.Stream);
        if (isSecond) _users[exchange.Stream] = word[7..];
        if (word.StartsWith("whole-", StringComparison.Ordinal)) _users[exchange.Stream] = word[6..];
        if (_users.TryGetValue(exchange.Stream, out var user))
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {6 + user.Length}\r\n\r\nhello {user}");
            return;
        }

        var challenge = word == "first" ? "NTLM challenge" : "NTLM\r\nWWW-Authenticate: Negotiate";
        await exchange.SendAsync($"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {challenge}\r\nContent-Length: 0\r\n\r\n");
    }
}
