using System.Text.Json;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.WebUtilities;

namespace FathomGateway.Tests.Leaks;

/// <summary>The single requests of the flows. Each secret that one brings is tracked.</summary>
internal sealed partial class Flows
{
    public async Task<(int Status, string Body)> InternalAsync(string method, string target)
    {
        var (answer, body) = await stage.SendAsync(gateway.InternalClient, method, target, TestSettings.InternalApiKey);
        return ((int)answer.StatusCode, body);
    }

    public async Task<string> BeginAsync(string user)
    {
        var (answer, body) = await stage.SendAsync(gateway.Client, "GET", "fathom/connect", stage.NewJwt(user), _cookie);
        if (answer.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            _cookie = cookies.Single().Split(';')[0];
            stage.Secrets.Add("binding cookie", _cookie.Split('=', 2)[1]);
        }

        var state = QueryHelpers.ParseQuery(new Uri(JsonElement.Parse(body).GetProperty("url").GetString()!).Query)["state"].ToString();
        stage.Secrets.Add("signature of a state", state.Split('.')[^1]);
        return stage.Secrets.Add("state", state);
    }

    public async Task<string> ReturnAsync(string state, string code, string extra = "")
    {
        using var answer = await CallBackAsync(state, code, extra);
        return $"{answer.Headers.Location}";
    }

    private async Task<HttpResponseMessage> CallBackAsync(string state, string code, string extra = "") =>
        (await stage.SendAsync(
            gateway.Client, "GET", $"fathom/callback?{extra}code={Escaped(code)}&state={state}", cookie: _cookie)).Answer;

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
