using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>None of these reaches the token endpoint, and the original state stays valid.</summary>
public sealed class ForgedStateTests(Stage stage) : IClassFixture<Stage>
{
    private static readonly string Refused = CallbackRedirect.Failure("invalid_state");

    [Theory]
    [InlineData("code={code}")]
    [InlineData("code={code}&state=")]
    [InlineData("code={code}&state")]
    [InlineData("code={code}&state=garbage")]
    [InlineData("code={code}&state=v1..")]
    [InlineData("code={code}&state=..........")]
    [InlineData("code={code}&state=%00")]
    [InlineData("code={code}&state=%ff%fe")]
    [InlineData("code={code}&state=%F0%9F%98%80")]
    [InlineData("code={code}&state={state}&state={state}")]
    [InlineData("code={code}&state={state}&state=")]
    [InlineData("code={code}&state=x&state={state}")]
    [InlineData("code={code}&STATE={state}&state=x")]
    [InlineData("code={code}&state={state}=")]
    [InlineData("code={code}&state={state}==")]
    [InlineData("code={code}&state={state}%3D")]
    [InlineData("code={code}&state={state}+")]
    [InlineData("code={code}&state=+{state}")]
    [InlineData("code={code}&state={state}%20")]
    [InlineData("code={code}&state={state}%2B")]
    [InlineData("code={code}&state={state}%0a")]
    [InlineData("code={code}&state={state}%00")]
    [InlineData("code={code}&state={state}.")]
    [InlineData("code={code}&state=.{state}")]
    [InlineData("code={code}&state={state}.{state}")]
    [InlineData("code={code}&state={state}A")]
    [InlineData("code={code}&state=%22{state}%22")]
    public async Task A_forged_state_is_refused_T2(string query)
    {
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());

        var redirect = await stage.LandAsync(
            query.Replace("{code}", code, StringComparison.Ordinal).Replace("{state}", state, StringComparison.Ordinal));

        Assert.Equal(Refused, redirect);
        await AssertStillGoodAsync(state, code);
    }

    [Fact]
    public async Task A_state_that_is_cut_or_of_another_length_is_refused_T2()
    {
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());

        foreach (var cut in new[] { state[1..], state[..^1], state[..^2], state[..(state.Length / 2)], state
            + new string('A', 512), new('A', 513), new('A', 3_000), new('A', 10_000) })
        {
            Assert.Equal(Refused, await stage.LandAsync(cut, code));
        }

        await AssertStillGoodAsync(state, code);
    }

    [Fact]
    public async Task A_state_with_one_changed_character_is_refused_T2()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var (state, code) = (await stage.StateAsync(Fresh.User()), Fresh.Code());

        for (var position = 0; position < state.Length; position++)
        {
            // The neighbour differs in the lowest bit alone, which at the end of base64 can be one that stands for nothing.
            var index = Math.Max(0, Alphabet.IndexOf(state[position], StringComparison.Ordinal));
            foreach (var other in new[] { Alphabet[index ^ 1], Alphabet[index ^ 32], '.' }.Where(letter => letter != state[position]))
            {
                var redirect = await stage.LandAsync($"{state[..position]}{other}{state[(position + 1)..]}", code);
                Assert.True(redirect == Refused, $"{state[position]} to {other} at {position} of {state.Length}: {redirect}");
            }
        }

        await AssertStillGoodAsync(state, code);
    }

    [Fact]
    public async Task A_state_made_of_parts_of_two_states_is_refused_T2()
    {
        var (victim, attacker) = (Fresh.User(), Fresh.User());
        var (one, other, code) = (await stage.StateAsync(victim), await stage.StateAsync(attacker), Fresh.Code());

        for (var cut = 1; cut < Math.Min(one.Length, other.Length); cut++)
        {
            foreach (var mixed in new[] { one[..cut] + other[cut..], other[..cut] + one[cut..] }.Except([one, other]))
            {
                Assert.Equal(Refused, await stage.LandAsync(mixed, code));
            }
        }

        await AssertStillGoodAsync(one, code);
        Assert.Null(await stage.ConnectionAsync(attacker));
    }

    [Fact]
    public async Task A_state_under_another_key_is_refused_T2()
    {
        await using var stranger = await Stage.StartAsync();
        var code = Fresh.Code();

        Assert.Equal(Refused, await stage.LandAsync(await stranger.StateAsync(Fresh.User()), code));
        Assert.Equal(0, stage.Exchanges(code));
    }

    private async Task AssertStillGoodAsync(string state, string code)
    {
        Assert.Equal(0, stage.Exchanges(code));
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(state, code));
        Assert.Equal(1, stage.Exchanges(code));
    }
}
