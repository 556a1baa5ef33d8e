using System.Net;
using System.Text.Json;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary><c>GET /connections</c>: each user once, in the order of user ids, for pages of any size.</summary>
public sealed class ConnectionListTests(RealStores stores)
{
    // In the order of their bytes.
    private static readonly string[] Users = ["Zoe", "a/b", "ann", "ann%2F", "ben", "ü", "用户", "🙂"];

    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Pages_of_connections_of_any_size_list_each_user_once_and_in_order(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        foreach (var user in Users.Reverse()) await stage.Gateway.StoreAsync(user, "a", "r");
        await stage.MarkAsync("ben");

        foreach (var limit in new[] { 1, 3, 7, 8, 1000 })
        {
            Assert.Equal(Users, (await AllAsync(stage, $"limit={limit}")).Select(Id));
            Assert.Equal(["ben"], (await AllAsync(stage, $"limit={limit}&status=reconnect_required")).Select(Id));
            Assert.Equal(Users.Where(user => user != "ben"), (await AllAsync(stage, $"limit={limit}&status=connected")).Select(Id));
        }

        Assert.Equal(JsonValueKind.Null, (await PageAsync(stage, "limit=8")).GetProperty("next").ValueKind);
        Assert.Equal(Users, (await AllAsync(stage, "")).Select(Id));
    }

    [Fact]
    public async Task A_listed_connection_has_the_fields_of_its_own_route_and_no_token()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        await stage.Gateway.StoreAsync("ann", "access-canary", "refresh-canary");
        await stage.MarkAsync("ann");
        var shown = await stage.Gateway.JsonAsync(HttpMethod.Get, "connections/ann");
        var page = await PageAsync(stage, "");
        var listed = page.GetProperty("connections")[0];

        foreach (var name in (string[])["user_id", "status", "connected_at", "expires_at", "scope", "version"])
        {
            Assert.Equal(shown.GetProperty(name).ToString(), listed.GetProperty(name).ToString());
        }

        Assert.Equal("refresh_refused", listed.GetProperty("reason").GetString());
        await Eventually.BecomesTrueAsync(
            () => $"{stage.Gateway.Log}".Contains("GET connections, 200", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            "it is noted");
        Assert.DoesNotContain("canary", page.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("v1:", page.ToString(), StringComparison.Ordinal);
    }

    /// <summary>
    /// Also of a row whose key is gone, or whose ciphertext is another's: each list says what the route of the user says. The filter goes
    /// by the key that the row names.
    /// </summary>
    [Theory]
    [InlineData("access_token = replace(access_token, 'v1:', 'v1:gone-')", "reconnect_required", "connected")]
    [InlineData("access_token = substr(access_token, 1, length(access_token) - 8) || 'AAAAAAA='", "connected", "reconnect_required")]
    [InlineData("refresh_token = access_token", "connected", "reconnect_required")]
    public async Task A_connection_that_no_key_opens_is_listed_as_reconnect_required(string change, string filter, string other)
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        foreach (var user in (string[])["ann", "ben"]) await stage.Gateway.StoreAsync(user, "a", "r");
        await stage.Database.ExecuteAsync($"UPDATE fathom_connections SET {change} WHERE user_id = 'ann'");

        foreach (var query in (string[])["", $"status={filter}"])
        {
            var listed = (await AllAsync(stage, query))[0];
            Assert.Equal(("ann", "reconnect_required"), (Id(listed), Status(listed)));
            Assert.Equal("unreadable", listed.GetProperty("reason").GetString());
        }

        Assert.DoesNotContain("ann", (await AllAsync(stage, $"status={other}")).Select(Id));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_log_names_a_row_that_no_key_opens_when_its_token_is_read_and_not_when_it_is_listed(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        foreach (var user in (string[])["ann", "ben"]) await stage.Gateway.StoreAsync(user, "a", "r");
        await stage.Database.ExecuteAsync("UPDATE fathom_connections SET access_token = replace(access_token, 'v1:', 'v1:gone-')");

        Assert.All(await AllAsync(stage, ""), listed => Assert.Equal("reconnect_required", Status(listed)));
        using var token = await stage.Gateway.InternalAsync(HttpMethod.Get, "connections/ann/access-token");

        Assert.Equal(HttpStatusCode.Conflict, token.StatusCode);
        await Eventually.BecomesTrueAsync(
            () => $"{stage.Gateway.Log}".Contains("opens the tokens of user ann", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            "the read is logged");
        Assert.DoesNotContain("opens the tokens of user ben", $"{stage.Gateway.Log}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=-1")]
    [InlineData("limit=ten")]
    [InlineData("limit=1&limit=2")]
    [InlineData("status=lost")]
    [InlineData("status=connected&status=connected")]
    [InlineData("after=a&after=b")]
    [InlineData("after=a%00")]
    public async Task A_malformed_query_of_the_list_of_connections_is_refused(string query)
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections?{query}");

        await InternalCalls.IsProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
    }

    private static string Id(JsonElement connection) => connection.GetProperty("user_id").GetString()!;

    private static string Status(JsonElement connection) => connection.GetProperty("status").GetString()!;

    private static Task<JsonElement> PageAsync(EventStage stage, string query) =>
        stage.Gateway.JsonAsync(HttpMethod.Get, $"connections?{query}");

    private static async Task<List<JsonElement>> AllAsync(EventStage stage, string query)
    {
        List<JsonElement> all = [];
        for (var after = ""; ;)
        {
            var page = await PageAsync(stage, $"{query}&after={Uri.EscapeDataString(after)}");
            all.AddRange(page.GetProperty("connections").EnumerateArray());
            if (page.GetProperty("next").GetString() is not { } next) return all;
            after = next;
        }
    }
}
