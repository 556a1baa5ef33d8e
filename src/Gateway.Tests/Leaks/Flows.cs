using System.Text;
using System.Text.Json;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Leaks;

/// <summary>Every flow there is, with its failures.</summary>
internal sealed partial class Flows(LeakStage stage, GatewayProcess gateway)
{
    private string? _cookie;

    /// <summary>Successes and failures of connecting.</summary>
    public async Task ConnectAsync(string user)
    {
        var (state, code) = (await BeginAsync(user), stage.NewCode());
        Assert.Contains("successful=true", await ReturnAsync(state, code), StringComparison.Ordinal);
        await ReturnAsync(state, code);
        await ReturnAsync(state, stage.NewCode());
        await ReturnAsync($"{state}x", stage.NewCode());
        await ReturnAsync(state[..^3], stage.NewCode());

        var leaking = stage.NewCode();
        TokenReply[] failures =
        [
            TokenReply.Refusal("invalid_grant") with
            {
                Body = $$"""{"error":"invalid_grant","error_description":"{{leaking}} {{TestSettings.ClientSecret}}"}"""
            }, TokenReply.Refusal(leaking), new() { Body = $"{{\"access_token\":{{\"{leaking}\":1}}" },
            new() { Status = 500, Body = leaking },
            new() { Status = 307, Headers = new Dictionary<string, string> { ["Location"] = $"http://127.0.0.1:9/?code={leaking}" } },
            new() { Body = leaking, ContentType = $"text/{leaking}" },
        ];
        foreach (var failure in failures)
        {
            stage.Provider.AnswersNext(failure);
            Assert.Contains(
                "successful=false", await ReturnAsync(await BeginAsync($"{user}-{Guid.NewGuid():n}"), leaking), StringComparison.Ordinal);
        }

        await ReturnAsync(await BeginAsync($"{user}-denied"), stage.NewCode(), "error=access_denied&error_description=x&");
        await ReturnAsync(await BeginAsync($"{user}-long"), stage.NewCode(), $"pad={new string('x', 5_000)}&");
        foreach (var method in (string[])["HEAD", "POST", "OPTIONS"])
            await stage.SendAsync(gateway.Client, method, $"fathom/callback?code={Escaped(stage.NewCode())}&state={state}");
        foreach (var token in (string[])[Jwt.For("x", secret: new string('y', 40)), Jwt.Unsigned("x")
            + "e30", Jwt.For("x", payload: """{"exp":1}"""), Jwt.For("x", payload: """{"sub":null}""") + "AA"])
        {
            Assert.Equal(401, (int)(await stage.SendAsync(gateway.Client, "GET", "fathom/connect", stage.AddJwt(token))).Answer.StatusCode);
        }

        await stage.SendAsync(gateway.Client, "GET", $"proxied?code={Escaped(stage.NewCode())}&state={state}", stage.NewJwt(user));
    }

    /// <summary>What the backend and a frontend do with a connection, to its end.</summary>
    public async Task UseAsync(string user)
    {
        var token = await InternalAsync("GET", $"connections/{user}/access-token");
        var first = JsonElement.Parse(token.Body);
        await InternalAsync("GET", $"connections/{user}/access-token?rejected_version={first.GetProperty("version").GetInt64()}");
        var second = JsonElement.Parse((await InternalAsync("GET", $"connections/{user}/access-token")).Body)
            .GetProperty("access_token")
            .GetString()!;
        Assert.NotEqual(first.GetProperty("access_token").GetString(), second);
        stage.Refuse(second);
        Assert.Equal(200, (await InternalAsync("GET", $"connections/{user}/fathom/meetings?cursor={Escaped(stage.NewCode())}")).Status);
        await stage.SendAsync(
            gateway.InternalClient, "GET", $"connections/{user}", stage.Secrets.Add("wrong API key", $"canary-key-{Guid.NewGuid():n}"));
        await stage.SendAsync(gateway.Client, "GET", "fathom/status", stage.NewJwt(user));

        // A refresh that is refused, with text that no log may repeat.
        var version = JsonElement.Parse((await InternalAsync("GET", $"connections/{user}")).Body).GetProperty("version").GetInt64();
        stage.Provider.AnswersNext(TokenReply.Refusal("invalid_grant") with
        {
            Body = $$"""{"error":"invalid_grant","error_description":"{{stage.NewCode()}}"}"""
        });
        Assert.Equal(409, (await InternalAsync("GET", $"connections/{user}/access-token?rejected_version={version}")).Status);
        Assert.Equal(403, (await InternalAsync("GET", $"connections/{user}/fathom/meetings")).Status);
        Assert.Equal(200, (await InternalAsync("DELETE", $"connections/{user}")).Status);

        await ReturnAsync(await BeginAsync(user), stage.NewCode());
        await stage.SendAsync(gateway.Client, "DELETE", "fathom/connection", stage.NewJwt(user));
    }

    /// <summary>With the table away: what the database says then is logged, too.</summary>
    public async Task WithoutTableAsync(string user)
    {
        var state = await BeginAsync(user);
        await PostgresTestDatabase.QueryAsync(stage.DatabaseUrl, "ALTER TABLE fathom_connections RENAME TO elsewhere");
        await ReturnAsync(state, stage.NewCode());
        await InternalAsync("GET", $"connections/{user}/access-token");
        await InternalAsync("DELETE", $"connections/{user}");
        await PostgresTestDatabase.QueryAsync(stage.DatabaseUrl, "ALTER TABLE elsewhere RENAME TO fathom_connections");
    }

    /// <summary>With Redis frozen: nothing is answered, and that is logged.</summary>
    public async Task WithoutRedisAsync(string user)
    {
        var state = await BeginAsync(user);
        stage.Redis.Suspend();
        await ReturnAsync(state, stage.NewCode());
        await stage.SendAsync(gateway.Client, "GET", "fathom/connect", stage.NewJwt(user));
        stage.Redis.Resume();
    }

    /// <summary>Confirmed by another, with nonsense, and rightly.</summary>
    public async Task ConfirmAsync(string user)
    {
        foreach (var by in (string[])[$"{user}-another", user])
        {
            using var parked = await CallBackAsync(await BeginAsync(user), stage.NewCode());
            var handle = stage.Secrets.Add("handle", $"{parked.Headers.Location}".Split("#fathom_confirm=")[1]);
            stage.Secrets.Add("signature of a handle", handle.Split('.')[^1]);
            foreach (var body in (string[])
            [
                $$"""{"handle":"{{handle}}x"}""", $$"""{"handle":"{{handle}}"}""", $$"""{"handle":"{{handle}}"}""", handle
            ])
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                await stage.SendAsync(gateway.Client, "POST", "fathom/confirm", stage.NewJwt(by), content: content);
            }
        }
    }

    /// <summary>In another browser, and in the one that began.</summary>
    public async Task CookieAsync(string user)
    {
        var state = await BeginAsync(user);
        (var own, _cookie) = (_cookie, null);
        Assert.Contains("not_confirmed", await ReturnAsync(state, stage.NewCode()), StringComparison.Ordinal);
        _cookie = own;
        Assert.Contains("successful=true", await ReturnAsync(await BeginAsync(user), stage.NewCode()), StringComparison.Ordinal);
    }
}
