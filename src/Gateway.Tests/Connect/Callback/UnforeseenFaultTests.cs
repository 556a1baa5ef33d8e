using FathomGateway.Connect;
using FathomGateway.Connect.Callback;
using FathomGateway.Connect.Clients;
using FathomGateway.State;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>
/// Faults of our own code, which no setting and no partner can bring about: parts of the gateway are called with one that throws.
/// </summary>
public sealed class UnforeseenFaultTests(Stage stage) : IClassFixture<Stage>
{
    private static readonly ClientInfo Sender = new(null, "", null);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_unforeseen_exception_after_the_redeem_leaves_an_outcome_for_later_callbacks(bool exchanges)
    {
        var (user, nonce) = (Some.User(Fresh.User()), StateNonce.Create());
        var states = stage.Gateway.Services.GetRequiredService<IStateStore>();
        await states.SaveAsync(nonce, new AuthorizationState(user, null), IStateStore.StateLifetime, Cancel);
        var deliveries = stage.Gateway.Services.GetRequiredService<CallbackDeduplication>();

        Task<CallbackOutcome> Deliver(Func<AuthorizationState, Task<CallbackOutcome>> complete) =>
            deliveries.HandleAsync(nonce, user, Sender, "response", exchanges, complete, Cancel);

        Assert.Same(CallbackOutcome.TemporarilyUnavailable, await Deliver(_ => throw new InvalidOperationException("A fault of our own.")));
        Assert.IsType<Redemption.Settled>(await states.PeekAsync(nonce, user, Cancel));
        Assert.Same(CallbackOutcome.TemporarilyUnavailable, await Deliver(_ => Task.FromResult(CallbackOutcome.Connected)));
    }

    [Fact]
    public async Task A_callback_with_an_unforeseen_exception_redirects_to_the_frontend()
    {
        var services = stage.Gateway.Services;
        var broken = new CallbackEndpoint(
            handler: null!,
            services.GetRequiredService<FrontendOptions>(),
            services.GetRequiredService<TrustedProxies>(),
            NullLogger<CallbackEndpoint>.Instance);
        var context = new DefaultHttpContext { RequestServices = services };
        (context.Request.Method, context.Request.Path) = (HttpMethods.Get, CallbackEndpoint.Path);

        await broken.HandleAsync(context);

        Assert.Equal(
            (StatusCodes.Status302Found, CallbackRedirect.Failure("temporarily_unavailable")),
            (context.Response.StatusCode, $"{context.Response.Headers.Location}"));
        Assert.Equal("no-store", $"{context.Response.Headers.CacheControl}");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
