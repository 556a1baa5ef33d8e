using FathomGateway.Cli;
using FathomGateway.Connect.Binding;
using FathomGateway.Sandbox;
using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>The page that plays the attack, and the connection that goes well, under each binding.</summary>
[Trait("Speed", "Slow")]
public sealed class AttackTests(Browser browser)
{
    [Theory]
    [InlineData("none", "connected")]
    [InlineData("cookie", "not_confirmed")]
    [InlineData("confirm", "not_confirmed")]
    public async Task The_page_plays_the_attack_T1(string binding, string outcome)
    {
        await using var visit = await Visit.BeginAsync(browser, new SandboxOptions { LinkBinding = binding });
        await visit.Page.GotoAsync(new Uri(visit.Dashboard, "/attack").AbsoluteUri);
        await visit.Page.GetByTestId("begin").ClickAsync();
        await visit.Page.GetByTestId("open").ClickAsync();
        await visit.Page.GetByTestId("allow").WaitForAsync();
        await visit.DecideAsync("allow");

        Assert.Equal(outcome, await visit.OutcomeAsync());
    }

    [Theory]
    [InlineData("cookie")]
    [InlineData("confirm")]
    public async Task Who_begins_and_ends_in_one_browser_is_connected(string binding)
    {
        await using var visit = await Visit.BeginAsync(browser, new SandboxOptions { LinkBinding = binding });
        await visit.SignInAsync();
        await visit.ConnectAsync();
        await visit.DecideAsync("allow");

        Assert.Equal("connected", await visit.OutcomeAsync());
    }

    [Fact]
    public void An_unknown_binding_is_a_fault() => Assert.NotNull(FathomGateway.Sandbox.CommandLine.Parse(["--link-binding", "page"]).Fault);
}
