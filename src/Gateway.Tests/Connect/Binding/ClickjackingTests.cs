using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class ClickjackingTests
{
    /// <summary>
    /// The gateway has no page that could be framed, and confirming needs a header that no form can send.
    /// </summary>
    [Theory]
    [InlineData("none")]
    [InlineData("cookie")]
    [InlineData("confirm")]
    public async Task The_gateway_shows_no_page_and_a_click_alone_confirms_nothing_T12(string binding)
    {
        await using var stage = await Stage.StartAsync(("LINK_BINDING", binding), ("PUBLIC_STATUS", "true"));
        var user = new BrowserUser(stage, Fresh.User());
        var state = await user.BeginAsync();
        foreach (var target in (string[])["connect", "callback", $"callback?code=x&state={state}", "status", "connection", .. binding
            == "confirm" ? ["confirm"] : (string[])[]])
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
            {
                using var answer = await stage.Gateway.Client.SendAsync(new HttpRequestMessage(method, $"fathom/{target}"));
                Assert.Contains(answer.Content.Headers.ContentType?.MediaType, (string?[])[null, "application/problem+json"]);
            }
        }

        if (binding != "confirm") return;
        using var form = new FormUrlEncodedContent([new("handle", "x")]);
        using var clicked = await stage.Gateway.Client.PostAsync("fathom/confirm", form);
        Assert.Equal(401, (int)clicked.StatusCode);
    }
}
