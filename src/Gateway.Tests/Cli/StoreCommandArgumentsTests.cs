using FathomGateway.Cli.Stores;
using Xunit;

namespace FathomGateway.Tests.Cli;

public sealed class StoreCommandArgumentsTests
{
    [Theory]
    [InlineData("connections", "disconnect", "--yes")]
    [InlineData("connections", "disconnect", "--help")]
    [InlineData("connections", "show", "--json")]
    [InlineData("events", "redeliver", "--help")]
    public void A_flag_in_the_place_of_a_user_or_an_event_is_neither(params string[] args) =>
        Assert.Null(StoreCommandArguments.Parse(args));

    [Fact]
    public void A_user_may_have_any_other_name() =>
        Assert.NotNull(StoreCommandArguments.Parse(["connections", "disconnect", "ann-marie", "--yes"]));
}
