using System.Text.Json;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal;

public sealed class UserIdInPathTests(Stage stage) : IClassFixture<Stage>
{
    public static TheoryData<string> UserIds() =>
    [
        "42", "ann@example.com", "a/b", "/", "//", "a/../b", "..", ".", "...", "%", "%2F", "%252F", "%zz", "?", "a?b=c", "#", "a#b",
        "a b", "+", "a+b", "&", "=", ";", ":", "\\", "\"", "'", "<>", "{}", "|", "^", "`", "~", "*",
        "access-token", "fathom", "a/access-token", "Grüße", "e\u0301", "\u00e9", "用户", "пользователь", "مستخدم", "🦊", "👩‍👩‍👧‍👦",
        "\u200b", "\ufeff", "\uffff", "U1", "u1", new string('u', 255), string.Concat(Enumerable.Repeat("🦊", 63)),
        // T26
        "'; DROP TABLE fathom_connections; --", "' OR '1'='1", "\" OR 1=1 --", "1); DELETE FROM fathom_connections; --", "$1", "@UserId",
        "x' UNION SELECT * FROM fathom_connections --",
    ];

    [Theory]
    [MemberData(nameof(UserIds))]
    public async Task Every_user_id_finds_its_own_connection_and_no_other_T26(string user)
    {
        var bystander = Fresh.User();
        await stage.LinkAsync(bystander);
        await stage.LinkAsync(user);
        var token = await stage.AccessTokenAsync(user);

        foreach (var segment in new[] { InternalCalls.EveryByteEncoded(user), Uri.EscapeDataString(user) })
        {
            var shown = Json(await stage.Gateway.RawAsync("GET", $"/connections/{segment}"));
            Assert.Equal(user, shown.GetProperty("user_id").GetString());
            var granted = Json(await stage.Gateway.RawAsync("GET", $"/connections/{segment}/access-token"));
            Assert.Equal(token, granted.GetProperty("access_token").GetString());
        }

        Assert.Equal(200, (await stage.Gateway.RawAsync("DELETE", $"/connections/{InternalCalls.EveryByteEncoded(user)}")).Status);
        Assert.Null(await stage.ConnectionAsync(user));
        Assert.NotNull(await stage.ConnectionAsync(bystander));
    }

    [Theory]
    [InlineData("")]
    [InlineData("%00")]
    [InlineData("%FF")]
    [InlineData("%C0%AF")]
    [InlineData("%ED%A0%80")]
    [InlineData("%")]
    [InlineData("%2")]
    [InlineData("%G1")]
    [InlineData("%u0041")]
    [InlineData("% 1")]
    public async Task A_path_segment_that_is_no_user_id_is_a_bad_request(string segment)
    {
        // A blank in a request line is refused by the server itself.
        foreach (var route in new[] { "", "/access-token", "/fathom/meetings" })
        {
            var answer = await stage.Gateway.RawAsync("GET", $"/connections/{segment}{route}");
            Assert.Equal(400, answer.Status);
        }
    }

    [Theory]
    [InlineData("%20")]
    [InlineData("%0A")]
    [InlineData("a%0d%0aX:1")]
    [InlineData("%C2%80")]
    [InlineData("b%E2%80%8Fen")]
    public async Task A_user_id_that_no_JWT_may_have_is_looked_up_and_gets_no_token(string segment)
    {
        Assert.Equal(404, (await stage.Gateway.RawAsync("GET", $"/connections/{segment}")).Status);
        Assert.Equal(404, (await stage.Gateway.RawAsync("DELETE", $"/connections/{segment}")).Status);
        foreach (var route in new[] { "/access-token", "/fathom/meetings" })
        {
            Assert.Equal(400, (await stage.Gateway.RawAsync("GET", $"/connections/{segment}{route}")).Status);
        }
    }

    [Fact]
    public async Task A_user_id_in_a_path_that_is_too_long_is_a_bad_request()
    {
        var answer = await stage.Gateway.RawAsync("GET", $"/connections/{new string('u', 256)}");

        Assert.Equal(400, answer.Status);
        Assert.Contains("255 bytes", answer.BodyText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/CONNECTIONS/{0}/Access-Token")]
    [InlineData("/connections/{0}/access-token/")]
    [InlineData("/connections/{0}/access-token?x=/../y")]
    [InlineData("http://elsewhere.test/connections/{0}/access-token")]
    public async Task Internal_routes_ignore_case_a_trailing_slash_and_an_absolute_target(string target)
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);

        var answer = await stage.Gateway.RawAsync("GET", string.Format(System.Globalization.CultureInfo.InvariantCulture, target, user));

        Assert.Equal(await stage.AccessTokenAsync(user), Json(answer).GetProperty("access_token").GetString());
    }

    private static JsonElement Json(WireMessage answer)
    {
        Assert.True(answer.Status == 200, $"{answer.Head}{answer.BodyText}");
        return JsonElement.Parse(answer.BodyText);
    }
}
