using FathomGateway.Tokens;
using FathomGateway.Tokens.Rescue;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FathomGateway.Tests.Tokens.Rescue;

public sealed class TokenRescueTests
{
    [Fact]
    public async Task Issued_tokens_are_saved_again_whatever_the_first_attempt_failed_of_F7()
    {
        var rescue = new TokenRescue(
            new RescueStore(null, null!, TimeProvider.System), new RefreshesUnderWay(NullLogger<RefreshesUnderWay>.Instance), TimeProvider.System, NullLogger<TokenRescue>.Instance);
        var attempts = 0;

        var saved = await rescue.SaveAsync(
            "ann", () => ++attempts == 1 ? throw new InvalidOperationException("unforeseen") : Task.FromResult(true), () => throw new InvalidOperationException("not needed"), TokenRescue.CallersPatience);

        Assert.Equal((true, 2), (saved, attempts));
    }
}
