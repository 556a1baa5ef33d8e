using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.KitTests;

public sealed class ProgramsTests
{
    [Fact]
    public void A_missing_program_fails_with_its_remedy()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => Programs.Find("no-such-server", "apt-get install no-such-server"));

        Assert.Contains("'no-such-server' is not installed", fault.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install no-such-server", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_fails_throws_what_it_said()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ChildProcess.RunAsync("sh", "-c", "echo on its last legs >&2; exit 3"));

        Assert.Contains("ended with 3", fault.Message, StringComparison.Ordinal);
        Assert.Contains("on its last legs", fault.Message, StringComparison.Ordinal);
    }
}
