using FathomGateway.Keys;
using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FathomGateway.Tests.Keys;

public sealed class KeyFileTests
{
    private readonly string _folder = Path.Combine(TempFolder.Create("keys"), "data");

    [Fact]
    public void The_first_start_creates_a_key_file_that_later_starts_read()
    {
        var first = KeyFile.ReadOrCreate(_folder);

        Assert.Equal(first, KeyFile.ReadOrCreate(_folder));
    }

    [Fact]
    public void The_key_file_is_readable_by_its_owner_alone()
    {
        KeyFile.ReadOrCreate(_folder);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(_folder))));
    }

    [Fact]
    public void The_folder_created_for_the_key_file_is_open_to_its_owner_alone()
    {
        KeyFile.ReadOrCreate(_folder);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
    }

    [Theory]
    [InlineData(0x180, false)] // 0600
    [InlineData(0x100, false)] // 0400
    [InlineData(0x1A0, true)] // 0640
    [InlineData(0x184, true)] // 0604
    [InlineData(0x1A4, true)] // 0644
    [InlineData(0x1B6, true)] // 0666
    public void A_key_file_that_others_may_read_is_warned_of(int mode, bool isWarned)
    {
        var settings = TestSettings.Embedded(("DATA_DIR", _folder));
        KeyFile.ReadOrCreate(_folder);
        File.SetUnixFileMode(Path.Combine(_folder, KeyFile.Name), (UnixFileMode)mode);

        using var host = Program.Build(TestSettings.Configuration(settings), logging => logging.ClearProviders());

        var warnings = host.Services.GetRequiredService<SettingsReader>().Warnings;
        Assert.Equal(isWarned, warnings.Any(warning => warning.Contains("chmod 600", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Concurrent_starts_agree_on_one_key_file()
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
