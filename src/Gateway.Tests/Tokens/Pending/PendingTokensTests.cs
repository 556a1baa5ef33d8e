using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;
using FathomGateway.Tokens.Refresh;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FathomGateway.Tests.Tokens.Pending;

public sealed class PendingTokensTests
{
    [Fact]
    public async Task Issued_tokens_are_saved_again_whatever_made_the_first_attempt_fail_F7()
    {
        var pending = new PendingTokens(
            new PendingTokenStore(null!, TimeProvider.System),
            new InFlightWork(NullLogger<InFlightWork>.Instance),
            TimeProvider.System,
            NullLogger<PendingTokens>.Instance);
        var attempts = 0;

        var saved = await pending.SaveAsync(
            ConnectionRows.Issued(Some.User("ann"), new SealedToken("v1:k:a")),
            _ => ++attempts == 1 ? throw new InvalidOperationException("unforeseen") : Task.FromResult(true),
            PendingTokens.CallerTimeout);

        Assert.Equal((true, 2), (saved, attempts));
    }
}
