using FathomGateway.Connect.Callback;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class CodeExchangeLimitTests
{
    [Fact]
    [Trait("Gateway", "InProcess")]
    public async Task A_callback_without_a_free_exchange_slot_spends_nothing_and_works_later_T30_F11()
    {
        await using var stage = await Stage.StartAsync();
        var slots = stage.Gateway.Services.GetRequiredService<CodeExchangeLimit>();
        var taken = await Task.WhenAll(
            Enumerable.Range(0, CodeExchangeLimit.MaxConcurrent).Select(_ => slots.TakeAsync(CancellationToken.None)));
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());

        Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), await stage.LandAsync(state, code));
        Assert.Equal("backend", await stage.Gateway.Client.GetStringAsync("anything"));
        Assert.Equal(0, stage.Exchanges(code));

        taken[0]!.Dispose();
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
        Assert.Equal(1, slots.Free);
    }

    [Fact]
    public async Task A_wait_for_an_exchange_slot_ends_with_a_slot_or_at_its_limit()
    {
        var time = new FakeTimeProvider();
        using var slots = new CodeExchangeLimit(time, count: 1);
        var held = await slots.TakeAsync(CancellationToken.None);

        var patient = slots.TakeAsync(CancellationToken.None);
        held!.Dispose();
        Assert.NotNull(await patient);
        var unlucky = slots.TakeAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(await unlucky);
    }
}
