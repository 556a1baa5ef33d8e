using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>There is one provider, and one redirect URI for it: nothing in a response chooses where the code goes.</summary>
public sealed class OtherIssuerTests
{
    [Theory]
    [InlineData("iss")]
    [InlineData("issuer")]
    [InlineData("token_endpoint")]
    [InlineData("client_id")]
    public async Task A_code_goes_to_the_configured_provider_whatever_issuer_its_response_names_T7(string parameter)
    {
        await using var stage = await Stage.StartAsync();
        await using var other = RecordingBackend.Start();
        var code = Fresh.Code();

        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(
            $"{parameter}={Uri.EscapeDataString($"{other.Address}")}&code={code}&state={await stage.StateAsync(Fresh.User())}"));

        Assert.Equal(0, other.Connections);
        Assert.Equal((1, TestSettings.ClientId), (stage.Exchanges(code), stage.Provider.TokenRequests.Single().Field("client_id")));
    }
}
