using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal;

public sealed class AccessTokenTests(Stage stage) : IClassFixture<Stage>
{
    [Fact]
    public async Task The_backend_is_given_the_stored_token_its_end_and_its_version()
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);

        var answer = await stage.Gateway.TokenAsync(user);

        var row = await stage.ConnectionAsync(user);
        Assert.Equal(["access_token", "token_type", "expires_at", "version"], answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal(await stage.AccessTokenAsync(user), answer.GetProperty("access_token").GetString());
        Assert.Equal("Bearer", answer.GetProperty("token_type").GetString());
        Assert.Equal(row!.ExpiresAt, answer.GetProperty("expires_at").GetDateTimeOffset());
        Assert.Equal(row.Version, answer.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task An_access_token_has_a_length_and_no_chunks_and_HEAD_of_it_has_no_body()
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);
        var target = $"/connections/{user}/access-token";

        var answer = await stage.Gateway.RawAsync("GET", target);
        await using var client = await RawClient.ConnectAsync(stage.Gateway.Internal);
        await client.SendAsync(
            $"HEAD {target} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TestSettings.InternalApiKey}\r\nConnection: close\r\n\r\n");
        var (head, _) = await client.ReadToEndAsync();

        Assert.Equal((200, $"{answer.Body.Length}"), (answer.Status, answer.Header("Content-Length")));
        Assert.NotEmpty(answer.Body);
        Assert.Null(answer.Header("Transfer-Encoding"));
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", head, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {answer.Body.Length}\r\n", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/access-token")]
    [InlineData("")]
    public async Task An_access_token_of_a_user_without_a_connection_is_not_found(string route)
    {
        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{Fresh.User()}{route}");

        await InternalCalls.IsProblemAsync(response, HttpStatusCode.NotFound, "not_connected");
    }

    [Theory]
    [InlineData("?rejected_version=")]
    [InlineData("?rejected_version=x")]
    [InlineData("?rejected_version=-1")]
    [InlineData("?rejected_version=1.5")]
    [InlineData("?rejected_version=99999999999999999999")]
    [InlineData("?rejected_version=1&rejected_version=2")]
    public async Task A_rejected_version_that_is_no_number_is_a_bad_request(string query)
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);

        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/access-token{query}");

        var problem = await InternalCalls.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.Contains("rejected_version", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejected_version_older_than_the_row_needs_no_refresh()
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);
        var first = await stage.Gateway.TokenAsync(user);
        await stage.LinkAsync(user);
        var exchanges = stage.Provider.TokenRequests.Count;

        var second = await stage.Gateway.TokenAsync(user, $"?rejected_version={first.GetProperty("version")}");

        Assert.True(second.GetProperty("version").GetInt64() > first.GetProperty("version").GetInt64());
        Assert.Equal(exchanges, stage.Provider.TokenRequests.Count);
    }
}
