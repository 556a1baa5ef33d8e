using FathomGateway.Tests.Connect;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class UserIdClaimSettingTests
{
    [Fact]
    public async Task JWT_USER_ID_CLAIM_replaces_the_usual_claims_T21()
    {
        await using var stage = await Stage.StartAsync(("JWT_USER_ID_CLAIM", "uid"));

        await Refusal.IsUnauthorizedAsync(await stage.ConnectAsync(Signed.With(""" "sub":"s","userId":"s","id":"s" """)));
        await ConnectAsync(stage, """ "sub":"s","uid":"u" """);

        Assert.NotNull(await stage.ConnectionAsync("u"));
        Assert.Null(await stage.ConnectionAsync("s"));
    }

    [Fact]
    public async Task JWT_USER_ID_CLAIM_is_a_list_in_order_T21()
    {
        await using var stage = await Stage.StartAsync(("JWT_USER_ID_CLAIM", "https://app.example.test/user, email"));

        await ConnectAsync(stage, """ "email":"ann@example.test","https://app.example.test/user":"first" """);
        await ConnectAsync(stage, """ "email":"ann@example.test","sub":"s" """);

        Assert.NotNull(await stage.ConnectionAsync("first"));
        Assert.NotNull(await stage.ConnectionAsync("ann@example.test"));
    }

    private static async Task ConnectAsync(Stage stage, string claims)
    {
        var begun = await AuthorizationUrl.ReadAsync(await stage.ConnectAsync(Signed.With(claims)));
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(begun["state"], Fresh.Code()));
    }
}
