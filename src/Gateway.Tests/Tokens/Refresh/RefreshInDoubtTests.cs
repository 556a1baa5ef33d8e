using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>A refresh token that was sent and not answered may be spent: it is sent once more to find out.</summary>
public sealed class RefreshInDoubtTests(RealStores stores)
{
    private const string Tokens = """{"access_token":"a2","token_type":"Bearer","refresh_token":"r2","expires_in":3600}""";

    public static TheoryData<string, string> Lost => new MatrixTheoryData<string, string>(
        TokenDatabase.Both.Select(row => row.Data), ["reset before the head", "reset after the head", "truncated", "HTML", "no token"]);

    [Theory]
    [MemberData(nameof(Lost))]
    public async Task A_refresh_in_doubt_is_probed_once_and_the_tokens_of_the_probe_are_saved_F13(string kind, string how)
    {
        await using var endpoint = RawServer.Start(RawResponse.Silence);
        await using var replica = await StartAsync(kind, endpoint, Lose(how), RawResponse.Json(Tokens));

        Assert.Equal("a2", Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann", 1)).AccessToken);

        Assert.Equal(2, endpoint.Requests);
        Assert.Equal(
            ("a2", "r2"), ((await replica.RowAsync("ann"))!.Value.AccessToken, (await replica.RowAsync("ann"))!.Value.RefreshToken));
    }

    [Theory]
    [MemberData(nameof(Lost))]
    public async Task A_refused_probe_of_a_refresh_in_doubt_is_final_F13(string kind, string how)
    {
        await using var endpoint = RawServer.Start(RawResponse.Silence);
        await using var replica = await StartAsync(
            kind,
            endpoint,
            Lose(how),
            RawResponse.Verbatim("HTTP/1.1 400 Bad Request\r\nContent-Length: 25\r\n\r\n{\"error\":\"invalid_grant\"}"));

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(
                ReconnectReason.RefreshRefused,
                Assert.IsType<AccessTokenResult.MustReconnect>(await replica.TokenAsync("ann", 1)).Reconnect.Reason);
        }

        Assert.Equal(2, endpoint.Requests);
    }

    [Theory]
    [MemberData(nameof(Lost))]
    public async Task A_probe_whose_response_is_lost_too_ends_no_connection_F13(string kind, string how)
    {
        await using var endpoint = RawServer.Start(RawResponse.Silence);
        await using var replica = await StartAsync(kind, endpoint, Lose(how), Lose(how), RawResponse.Json(Tokens));
        var before = (await replica.RowAsync("ann"))!.Value.Row;

        Assert.IsType<AccessTokenResult.Unavailable>(await replica.TokenAsync("ann", 1));

        Assert.Equal(2, endpoint.Requests);
        Assert.Equal(before, (await replica.RowAsync("ann"))!.Value.Row);
        Assert.Equal("a2", Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann", 1)).AccessToken);
    }

    [Theory]
    [InlineData(TokenDatabase.Postgres)]
    [InlineData(TokenDatabase.Sqlite)]
    public async Task A_refresh_that_was_never_sent_is_not_probed(string kind)
    {
        await using var replica = await Replica.OnAsync(await TokenDatabase.CreateAsync(stores, kind), "http://127.0.0.1:9/token");
        await replica.ConnectAsync("ann", "a1", "r1");

        Assert.IsType<AccessTokenResult.Unavailable>(await replica.TokenAsync("ann", 1));

        Assert.DoesNotContain("in doubt", replica.Log.ToString(), StringComparison.Ordinal);
        Assert.Null((await replica.RowAsync("ann"))!.Value.Row.Reconnect);
    }

    private static Func<RawExchange, Task> Lose(string how) => how switch
    {
        "reset before the head" => RawResponse.ResetBeforeHeaders,
        "reset after the head" => RawResponse.ResetAfterHeaders,
        "truncated" => RawResponse.Truncated(Tokens),
        "HTML" => RawResponse.Verbatim("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>Hi</p>"),
        _ => RawResponse.Json("""{"token_type":"Bearer"}"""),
    };

    private async Task<Replica> StartAsync(string kind, RawServer endpoint, params Func<RawExchange, Task>[] answers)
    {
        var next = 0;
        endpoint.Script = exchange => answers[Interlocked.Increment(ref next) - 1](exchange);
        var replica = await Replica.OnAsync(await TokenDatabase.CreateAsync(stores, kind), $"{endpoint.Address}token");
        await replica.ConnectAsync("ann", "a1", "r1");
        return replica;
    }
}
