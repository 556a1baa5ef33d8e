using System.Net;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class ConnectRateLimitTests(Stage stage) : IClassFixture<Stage>
{
    private const int Burst = 5;

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_user_may_connect_five_times_at_once_and_again_after_Retry_After_T29()
    {
        var user = Fresh.User();
        await UseUpAsync(user);

        using var refused = await stage.ConnectAsync(Jwt.For(user));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Refusal.AsksToRetry(refused);
        await Refusal.IsProblemAsync(refused);

        // Ten a minute is one in six seconds, and the answer says when.
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(7));
        await Task.Delay(refused.Headers.RetryAfter.Delta.Value);
        using var accepted = await stage.ConnectAsync(Jwt.For(user));
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Fact]
    public async Task The_connect_limit_of_one_user_is_not_that_of_another()
    {
        var user = Fresh.User();
        await UseUpAsync(user);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await stage.ConnectAsync(Jwt.For(user))).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await stage.ConnectAsync(Jwt.For(user.ToUpperInvariant()))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await stage.ConnectAsync(Jwt.For(Fresh.User()))).StatusCode);
    }

    [Fact]
    public async Task Requests_with_an_invalid_JWT_do_not_count_in_the_users_connect_limit()
    {
        var user = Fresh.User();
        for (var i = 0; i < 2 * Burst; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await stage.ConnectAsync(Jwt.For(user, secret: new string('x', 40)))).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await stage.ConnectAsync(Jwt.For(user, payload: """{"exp":1}"""))).StatusCode);
        }

        await UseUpAsync(user);
    }

    [Fact]
    public async Task All_states_of_a_burst_of_connects_are_valid()
    {
        var user = Fresh.User();
        var states = new List<string>();
        for (var i = 0; i < Burst; i++)
        {
            states.Add(await stage.StateAsync(user));
        }

        foreach (var state in states)
        {
            Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, Fresh.Code()));
        }
    }

    private async Task UseUpAsync(string user)
    {
        for (var i = 0; i < Burst; i++)
        {
            using var response = await stage.ConnectAsync(Jwt.For(user));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
