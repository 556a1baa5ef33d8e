using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class CodeInjectionTests
{
    [Fact]
    public async Task A_stolen_code_under_the_thiefs_own_state_fails_at_a_provider_that_knows_PKCE_T5()
    {
        await using var stage = await Stage.StartAsync(("FATHOM_PKCE", "S256"));
        var (victim, thief) = (Fresh.User(), Fresh.User());
        var (theirs, own, code) = (await stage.BeginAsync(victim), await stage.BeginAsync(thief), Fresh.Code());
        stage.Provider.Answers(request => Task.FromResult(
            Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(request.Field("code_verifier")))) == theirs["code_challenge"]
                ? stage.Provider.NewTokens()
                : TokenReply.Refusal("invalid_grant")));

        Assert.Equal(CallbackRedirect.Failure("exchange_failed"), await stage.LandAsync(own["state"], code));
        Assert.Null(await stage.ConnectionAsync(thief));

        // The provider of this test does tell the two apart.
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(theirs["state"], Fresh.Code()));
    }
}
