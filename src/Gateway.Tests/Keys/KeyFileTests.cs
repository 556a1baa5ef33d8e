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
        var keys = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => KeyFile.ReadOrCreate(_folder))));

        Assert.Single(keys.Distinct());
        Assert.Single(Directory.GetFiles(_folder));
    }
}
