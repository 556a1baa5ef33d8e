using FathomGateway.Events;
using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Events;

public sealed class EventsSettingsTests
{
    private const string Url = "https://backend.example.test/hook";

    [Theory]
    [InlineData(24)]
    [InlineData(32)]
    [InlineData(64)]
    public void A_key_of_EVENTS_SECRET_has_24_to_64_bytes(int length)
    {
        var read = Read(("EVENTS_URL", Url), ("EVENTS_SECRET", EventReceiver.NewSecret(length)));

        Assert.Empty(read.Faults);
        Assert.Equal(length, Assert.Single(read.Options!.Keys).Length);
    }

    [Fact]
    public void Two_keys_of_EVENTS_SECRET_are_separated_by_a_blank_and_may_stand_in_a_file()
    {
        var file = Path.Combine(TempFolder.Create("secret"), "events");
        File.WriteAllText(file, $"{EventReceiver.NewSecret()} {EventReceiver.NewSecret()}\n");

        var read = Read(("EVENTS_URL", "http://backend:3000/hook"), ("EVENTS_SECRET_FILE", file));

        Assert.Empty(read.Faults);
        Assert.Equal(2, read.Options!.Keys.Length);
    }

    [Fact]
    public void Events_are_off_without_EVENTS_URL_and_a_secret_alone_is_warned_of()
    {
        var read = Read(("EVENTS_SECRET", EventReceiver.NewSecret()));

        Assert.Empty(read.Faults);
        Assert.Null(read.Options);
        Assert.Contains("EVENTS_URL", Assert.Single(read.Warnings), StringComparison.Ordinal);
    }

    public static TheoryData<string?, string?, string> Faulty => new()
    {
        { Url, null, "EVENTS_SECRET" },
        { Url, "canary", "EVENTS_SECRET" },
        { Url, "whsec_canary", "EVENTS_SECRET" },
        { Url, Convert.ToBase64String(new byte[32]), "EVENTS_SECRET" },
        { Url, EventReceiver.NewSecret(23), "EVENTS_SECRET" },
        { Url, EventReceiver.NewSecret(65), "EVENTS_SECRET" },
        { Url, $"{EventReceiver.NewSecret()} canary", "EVENTS_SECRET" },
        { Url, $"{EventReceiver.NewSecret()} {EventReceiver.NewSecret()} {EventReceiver.NewSecret()}", "EVENTS_SECRET" },
        { null, "canary", "EVENTS_SECRET" },
        { "backend.example.test", EventReceiver.NewSecret(), "EVENTS_URL" },
        { "ftp://backend.example.test/canary", EventReceiver.NewSecret(), "EVENTS_URL" },
        { "https://u:canary@backend.example.test", EventReceiver.NewSecret(), "EVENTS_URL" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void An_unusable_setting_of_events_is_a_fault_with_a_remedy_and_without_the_value(string? url, string? secret, string name)
    {
        var read = Read(("EVENTS_URL", url), ("EVENTS_SECRET", secret));

        var fault = Assert.Single(read.Faults);
        Assert.Equal(name, fault.Name);
        Assert.Contains(": ", fault.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", fault.Remedy, StringComparison.Ordinal);
        Assert.Null(read.Options);
    }

    private static (EventsOptions? Options, IReadOnlyList<SettingFault> Faults, IReadOnlyList<string> Warnings) Read(
        params (string Name, string? Value)[] values)
    {
        var reader = TestSettings.Reader(values);
        var options = EventsOptions.Read(reader);
        IReadOnlyList<SettingFault> faults = [];
        try
        {
            reader.ThrowIfFaulty();
        }
        catch (SettingsException failure)
        {
            faults = failure.Faults;
        }

        return (options, faults, reader.Warnings);
    }
}
