using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using Microsoft.Extensions.DependencyInjection;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using Xunit;

namespace FathomGateway.Tests.Flow;

/// <summary>What the user does during the exchange is later than the connect in progress, and takes precedence.</summary>
public sealed class ChangesDuringConnectTests : IAsyncLifetime
{
    private const string Connected = "/dashboard?fathom_successful=true";

    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private GatewayUnderTest _gateway = null!;
    private int _answers;

    [Fact]
    public async Task A_user_who_disconnects_during_the_exchange_stays_disconnected_and_the_tokens_are_revoked()
    {
        _provider.Server.Given(Request.Create().WithPath("/revoke")).RespondWith(Response.Create().WithStatusCode(200));
        WhenFirstAnswered(() => Store.DeleteAsync(Some.User("ann"), CancellationToken.None));

        Assert.Equal("/dashboard?fathom_successful=false&fathom_error=temporarily_unavailable", await ConnectAsync());

        Assert.Null(await Store.FindAsync(Some.User("ann"), TestContext.Current.CancellationToken));
        await Eventually.BecomesTrueAsync(
            () => _provider.Server.LogEntries.Any(entry => entry.RequestMessage?.Body?.Contains(
                "token=refresh-1&", StringComparison.Ordinal) == true), TimeSpan.FromSeconds(60), "they are revoked");
    }

    [Fact]
    public async Task A_user_who_connects_again_during_the_exchange_keeps_the_newer_connection()
    {
        WhenFirstAnswered(ConnectAsync);

        Assert.Equal(Connected, await ConnectAsync());

        var row = await Store.FindAsync(Some.User("ann"), TestContext.Current.CancellationToken);
        Assert.Equal(
            "access-2", _gateway.Services.GetRequiredService<TokenCipher>().Open(row!.AccessToken, row.UserId, TokenColumn.AccessToken));
    }

    public async ValueTask InitializeAsync() => _gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(_provider.Settings));

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _provider.Dispose();
    }

    private ConnectionStore Store => _gateway.Services.GetRequiredService<ConnectionStore>();

    private async Task<string> ConnectAsync() => await ConnectFlow.ReturnAsync(_gateway, await ConnectFlow.BeginAsync(_gateway, "ann"));

    /// <summary>Of the first exchange, in the moment in which it is answered.</summary>
    private void WhenFirstAnswered(Func<Task> happens) => _provider.Answers(async _ =>
    {
        var tokens = _provider.NewTokens();
        if (Interlocked.Increment(ref _answers) == 1) await happens();
        return tokens;
    });
}
