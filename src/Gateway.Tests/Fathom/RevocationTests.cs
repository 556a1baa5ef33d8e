using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class RevocationTests(ProviderStage stage) : IClassFixture<ProviderStage>
{
    [Fact]
    public async Task A_revocation_is_the_form_of_RFC_7009()
    {
        var (path, form) = ("", "");
        Assert.True(await stage.RevokeAsync(async exchange =>
        {
            var request = await exchange.ReadRequestAsync();
            (path, form) = (exchange.Head.StartLine, request.BodyText);
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }));

        Assert.StartsWith("POST /revoke HTTP/1.1", path, StringComparison.Ordinal);
        Assert.Equal(
            $"token=refresh&token_type_hint=refresh_token&client_id={TestSettings.ClientId}&client_secret={TestSettings.ClientSecret}",
            form);
    }

    [Fact]
    public async Task A_revocation_of_an_access_token_has_its_token_type_hint()
    {
        var form = "";
        stage.Endpoint.Script = async exchange =>
        {
            form = (await exchange.ReadRequestAsync()).BodyText;
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
        };

        Assert.True(await stage.Clients.Revocation.RevokeAccessTokenAsync("access", CancellationToken.None));
        Assert.StartsWith("token=access&token_type_hint=access_token&", form, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_status_other_than_200_is_no_revocation(int status) =>
        Assert.False(await stage.RevokeAsync(
            RawResponse.Verbatim($"HTTP/1.1 {status} Told\r\nRetry-After: 1\r\n{(status == 204 ? "" : "Content-Length: 0\r\n")}\r\n")));

    [Fact]
    public async Task A_revocation_whose_response_is_lost_has_not_succeeded()
    {
        Assert.False(await stage.RevokeAsync(RawResponse.ResetBeforeHeaders));
        Assert.False(await stage.RevokeAsync(RawResponse.ResetAfterHeaders));
        Assert.False(await stage.RevokeAsync(RawResponse.CloseBeforeHeaders));
    }

    [Fact]
    public async Task A_provider_without_a_revocation_endpoint_is_not_called()
    {
        using var clients = new ProviderClients(stage.Endpoint.Address, ("FATHOM_REVOKE_URL", null));

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => clients.Revocation.RevokeRefreshTokenAsync("refresh", CancellationToken.None));
    }
}
