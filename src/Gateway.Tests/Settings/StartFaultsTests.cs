using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace FathomGateway.Tests.Settings;

public sealed class StartFaultsTests
{
    [Fact]
    public void A_start_without_settings_names_all_that_are_required() => Assert.Equal(
        [
            "DATABASE_URL", "FATHOM_CLIENT_ID", "FATHOM_CLIENT_SECRET", "FATHOM_REDIRECT_URI", "FRONTEND_URL", "JWT_SECRET", "REDIS_URL",
            "TOKEN_ENCRYPTION_KEYS"
        ],
        FaultsOf(new Dictionary<string, string?>()).Order());

    [Theory]
    [MemberData(nameof(WrongValues.All), MemberType = typeof(WrongValues))]
    public void A_wrong_setting_is_named_and_its_value_never_shown(string name, string value)
    {
        var failure = Assert.Throws<SettingsException>(() => Build(TestSettings.Embedded((name, value))));

        Assert.Contains(failure.Faults, fault => fault.Name == name);
        Assert.All(failure.Faults, fault => Assert.DoesNotContain(value, fault.Remedy, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("postgresql://u@h/db?sslmode=secret-1", "sslmode")]
    [InlineData("postgresql://u@h/db?connect_timeout=secret-1", "connect_timeout")]
    [InlineData("Host=h;Command Timeout=secret-1", "command timeout")]
    public void A_parameter_of_a_database_address_that_cannot_be_used_is_named(string address, string parameter)
    {
        var failure = Assert.Throws<SettingsException>(() => Build(TestSettings.Embedded(("DATABASE_URL", address))));

        Assert.Contains(
            failure.Faults, fault => fault.Name == "DATABASE_URL" && fault.Remedy.Contains(parameter, StringComparison.Ordinal));
        Assert.DoesNotContain("secret-1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_environment_is_Production() =>
        Assert.Contains("REDIS_URL", FaultsOf(TestSettings.Embedded(("ASPNETCORE_ENVIRONMENT", ""), ("EMBEDDED", ""))));

    [Fact]
    public void All_wrong_settings_are_reported_at_once()
    {
        var faults = FaultsOf(TestSettings.Embedded(("PORT", "x"), ("JWT_SECRET", null), ("FRONTEND_URL", "y"), ("REDIS_URL", "z://")));

        Assert.Equal(["FRONTEND_URL", "JWT_SECRET", "PORT", "REDIS_URL"], faults.Order());
    }

    [Theory]
    [InlineData("REDIS_URL")]
    [InlineData("DATABASE_URL")]
    public void Stores_are_not_embedded_in_Production_unless_asked_for(string name) =>
        Assert.Contains(name, FaultsOf(TestSettings.Embedded(("ASPNETCORE_ENVIRONMENT", "Production"), ("EMBEDDED", null))));

    [Fact]
    public void Stores_are_embedded_in_Production_when_asked_for() =>
        Build(TestSettings.Embedded(("ASPNETCORE_ENVIRONMENT", "Production"))).Dispose();

    [Fact]
    public void A_database_without_an_encryption_key_is_a_fault() =>
        Assert.Equal(["TOKEN_ENCRYPTION_KEYS"], FaultsOf(TestSettings.Embedded(("DATABASE_URL", "postgresql://127.0.0.1/x"))));

    [Fact]
    public void A_start_without_proxy_routes_fails()
    {
        var withoutRoutes = new ConfigurationBuilder().AddInMemoryCollection(TestSettings.Embedded()).Build();

        Assert.Equal("yarp.json", Assert.Single(Assert.Throws<SettingsException>(() => Program.Build(withoutRoutes)).Faults).Name);
    }

    [Fact]
    public void A_start_that_fails_writes_nothing()
    {
        var settings = TestSettings.Embedded(("PORT", "x"));
        Assert.Throws<SettingsException>(() => Build(settings));

        Assert.False(Directory.Exists(settings["DATA_DIR"]) && Directory.EnumerateFileSystemEntries(settings["DATA_DIR"]!).Any());
    }

    [Fact]
    public void A_start_that_fails_also_prints_the_warnings()
    {
        var onlyTheFour = TestSettings.Embedded(("JWT_SECRET", null), ("BACKEND_URL", null));
        var failure = Assert.Throws<SettingsException>(() => Build(onlyTheFour));

        Assert.Equal(["JWT_SECRET"], failure.Faults.Select(fault => fault.Name));
        Assert.Contains("copy the secret that your backend signs", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Write the address of your existing backend", failure.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> FaultsOf(IDictionary<string, string?> settings) =>
        Assert.Throws<SettingsException>(() => Build(settings)).Faults.Select(fault => fault.Name);

    private static Microsoft.Extensions.Hosting.IHost Build(IDictionary<string, string?> settings) =>
        Program.Build(TestSettings.Configuration(settings));
}
