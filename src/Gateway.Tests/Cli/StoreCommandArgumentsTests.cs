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
    [InlineData("events", "redeliver", "evt_1_00000000", "--yes")]
    [InlineData("events", "redeliver", "--yes")]
    [InlineData("events", "redeliver", "--status", "rested", "evt_1_00000000")]
    [InlineData("connections", "disconnect", "-h")]
    [InlineData("connections", "show", "ann", "--yes")]
    [InlineData("connections", "show", "--yes", "ann")]
    [InlineData("connections", "disconnect", "ann", "--yse")]
    [InlineData("connections", "disconnect", "--", "ann", "--yes")]
    [InlineData("connections", "disconnect", "--yes", "--")]
    public void A_flag_is_not_taken_for_a_user_or_an_event(params string[] args) =>
        Assert.Null(StoreCommandArguments.Parse(args));

    [Theory]
    [InlineData("events", "redeliver")]
    [InlineData("events", "redeliver", "--status", "waiting")]
    [InlineData("events", "redeliver", "--status", "delivered", "--yes")]
    public void A_redelivery_names_events_or_the_status_of_those_that_rest(params string[] args) =>
        Assert.Null(StoreCommandArguments.Parse(args));

    [Theory]
    [InlineData("connections", "disconnect", "ann-marie", "--yes")]
    [InlineData("connections", "disconnect", "-ann", "--yes")]
    [InlineData("connections", "disconnect", "--yes", "-ann")]
    [InlineData("connections", "show", "-5", "--json")]
    [InlineData("connections", "show", "--", "-5")]
    [InlineData("connections", "show", "--json", "--", "--json")]
    [InlineData("connections", "disconnect", "--", "--help")]
    [InlineData("connections", "disconnect", "--yes", "--", "--yes")]
    [InlineData("connections", "show", "--", "--")]
    public void A_user_id_may_begin_with_a_hyphen_and_be_any_text_after_two_hyphens(params string[] args) =>
        Assert.NotNull(StoreCommandArguments.Parse(args));

    [Theory]
    [InlineData("connections", "show", "b\u200Fen")]
    [InlineData("connections", "disconnect", "b\nen", "--yes")]
    public void A_user_id_that_would_not_be_accepted_today_is_taken_because_a_row_may_have_it(params string[] args) =>
        Assert.NotNull(StoreCommandArguments.Parse(args));

    [Theory]
    [InlineData("connections", "show", "")]
    [InlineData("connections", "show", "b\0en")]
    public void A_user_id_that_no_row_can_have_is_refused(params string[] args) =>
        Assert.Null(StoreCommandArguments.Parse(args));
}
