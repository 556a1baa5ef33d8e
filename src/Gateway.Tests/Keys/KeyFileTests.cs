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

    /// <summary>A file system of one page, which another file fills: a file can be created there, and not be written.</summary>
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_start_on_a_full_disk_names_the_folder_and_leaves_no_empty_key_file()
    {
        Assert.SkipUnless(await OwnHosts.CanBeHadAsync(), "This machine gives the tests no mounts of their own.");
        Directory.CreateDirectory(_folder);
        var shell = $$"""
            exec unshare --mount sh -c '
                mount -t tmpfs -o size=4k tmpfs "$0" && head -c 4096 /dev/zero > "$0/full" || exit 2
                "$@"; code=$?; ls "$0"; exit $code' '{{_folder}}' "$@"
            """;

        var (exitCode, output, errors) = await GatewayProcess.RunAsync([], TestSettings.Embedded(("DATA_DIR", _folder)), shell);

        Assert.True(exitCode == 78, $"{exitCode}: {output}\n{errors}");
        Assert.Contains("is a folder in which no key can be kept", errors, StringComparison.Ordinal);
        Assert.Equal("full", output);
    }
}
