using FathomGateway.Keys;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Keys;

public sealed class KeyFileTests
{
    private readonly string _folder = Path.Combine(TempFolder.Create("keys"), "data");

    [Fact]
    public void The_first_start_makes_a_key_that_later_starts_read()
    {
        var first = KeyFile.ReadOrCreate(_folder);

        Assert.Equal(first, KeyFile.ReadOrCreate(_folder));
    }

    [Fact]
    public void Nobody_else_may_read_the_key()
    {
        KeyFile.ReadOrCreate(_folder);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(_folder))));
    }

    [Fact]
    public async Task Starts_at_once_agree_on_one_key()
    {
        for (var round = 0; round < 50; round++)
        {
            var folder = Path.Combine(_folder, $"{round}");
            using var together = new Barrier(8);
            var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    return KeyFile.ReadOrCreate(folder);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Assert.NotEqual("", Assert.Single(keys.Distinct()));
            Assert.Single(Directory.GetFiles(folder));
        }
    }
}
