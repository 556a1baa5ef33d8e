using System.Net.Http.Headers;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>A user's steps at a gateway that is a process of its own.</summary>
internal static class ProcessClientSteps
{
    /// <summary>
    /// A process serves before it has found its stores, and the first flow of all compiles what it needs: on a machine with other work,
    /// longer than a provider is given.
    /// </summary>
    public static Task WarmUpAsync(this GatewayProcess gateway) => WarmUpAsync(user => gateway.ConnectAsync(user), gateway.LandAsync);

    /// <inheritdoc cref="WarmUpAsync(GatewayProcess)"/>
    public static Task WarmUpAsync(this Stage stage) => WarmUpAsync(user => stage.ConnectAsync(Jwt.For(user)), stage.LandAsync);

    /// <summary>Whether a load balancer would send requests there.</summary>
    public static async Task<bool> IsReadyAsync(this GatewayProcess gateway)
    {
        try
        {
            using var response = await gateway.InternalClient.GetAsync("health/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The state of a new authorization request.</summary>
    public static async Task<string> StateAsync(this GatewayProcess gateway, string userId)
    {
        using var response = await RetryClient.AskAsync(() => gateway.ConnectAsync(userId));
        return (await AuthorizationUrl.ReadAsync(response))["state"];
    }

    public static async Task<string> LandAsync(this GatewayProcess gateway, string state, string code)
    {
        using var response = await gateway.Client.GetAsync($"fathom/callback?code={code}&state={state}");
        return CallbackRedirect.Of(response);
    }

    public static async Task LinkAsync(this GatewayProcess gateway, string userId) =>
        Assert.Equal(CallbackRedirect.Success, await gateway.LandAsync(await gateway.StateAsync(userId), Fresh.Code()));

    private static Task WarmUpAsync(Func<string, Task<HttpResponseMessage>> connect, Func<string, string, Task<string>> land) =>
        Eventually.BecomesTrueAsync(
            async () =>
            {
                using var response = await connect(Fresh.User());
                return response.IsSuccessStatusCode
                    && await land((await AuthorizationUrl.ReadAsync(response))["state"], Fresh.Code()) == CallbackRedirect.Success;
            },
            TimeSpan.FromSeconds(120),
            "a user is connected");

    /// <summary>GET /fathom/connect with a JWT of this user.</summary>
    public static async Task<HttpResponseMessage> ConnectAsync(this GatewayProcess gateway, string userId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "fathom/connect");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.For(userId));
        return await gateway.Client.SendAsync(request);
    }
}
