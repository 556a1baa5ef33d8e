using FathomGateway.Sandbox;
using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>The page that plays the attack, and the connection that goes well, under each binding.</summary>
[Trait("Speed", "Slow")]
public sealed class AttackTests(Browser browser)
{
    [Theory]
    [InlineData("none", "connected", "The attack has worked", "Ann Archer’s")]
    [InlineData("cookie", "not_confirmed", "The attack has failed", "nobody’s")]
    [InlineData("confirm", "not_confirmed", "The attack has failed", "nobody’s")]
    public async Task The_sandbox_plays_the_attack_and_says_who_has_whose_meetings_T1(
        string binding, string outcome, string verdict, string meetingsOfBen)
    {
        await using var visit = await Visit.BeginAsync(browser, new SandboxOptions { LinkBinding = binding });
        await visit.Page.GetByTestId("attack").ClickAsync();
        await visit.Page.GetByTestId("begin").ClickAsync();
        await visit.Page.GetByTestId("open").ClickAsync();
        await Assertions.Expect(visit.Page.GetByTestId("account")).ToHaveTextAsync("Ann Archer");
        await visit.DecideAsync("allow");

        Assert.Equal(outcome, await visit.OutcomeAsync());
        await visit.Page.GetByTestId("attack-over").ClickAsync();
        await Assertions.Expect(visit.Page.GetByTestId("verdict")).ToContainTextAsync(verdict);
        await Assertions.Expect(visit.Page.GetByTestId("has-ben")).ToContainTextAsync(meetingsOfBen);
        await Assertions.Expect(visit.Page.GetByTestId("has-ann")).ToContainTextAsync("not connected");
        await Screenshot.TakeAsync(visit.Page, $"11-attack-{binding}");

        // What the gateway refuses, the browser itself writes down in red: here the confirmation of another user's link, by contract 403.
        var refused = binding == "confirm" ? 1 : 0;
        Assert.Equal(refused, visit.RedLines.Count);
        Assert.All(visit.RedLines, line => Assert.Contains("403", line, StringComparison.Ordinal));

        await visit.Page.GetByTestId("again").ClickAsync();
        await Assertions.Expect(visit.Page.GetByTestId("verdict")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("cookie")]
    [InlineData("confirm")]
    public async Task A_user_who_begins_and_ends_in_one_browser_is_connected_in_the_sandbox(string binding)
    {
        await using var visit = await Visit.BeginAsync(browser, new SandboxOptions { LinkBinding = binding });
        await visit.SignInAsync();
        await visit.ConnectAsync();
        await visit.DecideAsync("allow");

        Assert.Equal("connected", await visit.OutcomeAsync());
        Assert.Empty(visit.RedLines);
    }

    [Fact]
    public void An_unknown_binding_is_a_fault_of_the_sandbox() =>
        Assert.NotNull(FathomGateway.Sandbox.CommandLine.Parse(["--link-binding", "page"]).Fault);
}
