using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FathomGateway.Tests.Hosting;

/// <summary>What is wrong with a listener of the server's own section is told with the name of its setting, all at once.</summary>
[Trait("Speed", "Slow")]
public sealed class KestrelSectionTests
{
    private const string Default = "Kestrel:Certificates:Default:", Endpoint = "Kestrel:Endpoints:X:", Address = "https://127.0.0.1:0";

    private static readonly string Pkcs12 = SelfSigned.CreateFile();

    private static readonly Pem Whole = Pem.Create();

    /// <summary>Key and value of a setting, what is named, and what else is set.</summary>
    public static TheoryData<string, string?, string, string> Faults() => new()
    {
        { "Url", "nonsense", "Url", "" },
        { "Url", "ftp://127.0.0.1:1", "Url", "" },
        { "Url", "https://127.0.0.1:99999", "Url", "" },
        { "Url", "https://127.0.0.1:1/path", "Url", "" },
        { "Url", "https://secret-user:secret-password@h:1", "Url", "" },
        { "Url", "http://127.0.0.1:0", "Url", "sound" },
        { "Protocols", "Http9", "Protocols", "sound" },
        { "Protocols", "Http3", "Protocols", "sound" },
        { "SslProtocols:0", "Tls99", "SslProtocols__0", "sound" },
        { "ClientCertificateMode", "Perhaps", "ClientCertificateMode", "sound" },
        { "Certificate:Path", null, "Certificate__Path", "" },
        { "Certificate:Path", "/nowhere/c.pfx", "Certificate__Path", "" },
        { "Certificate:Path", "/tmp", "Certificate__Path", "" },
        { "Certificate:Path", "certificate", "Certificate__KeyPath", "" },
        { "Certificate:Path", "key", "Certificate__Path", "" },
        { "Certificate:Path", "key", "Certificate__Path", "Certificate:KeyPath=key" },
        { "Certificate:Path", "PKCS #12", "Certificate__Password", "" },
        { "Certificate:Password", "secret-password", "Certificate__Password", "Certificate:Path=PKCS #12" },
        { "Certificate:KeyPath", "/nowhere/k.pem", "Certificate__KeyPath", "Certificate:Path=certificate" },
        { "Certificate:KeyPath", "another key", "Certificate__KeyPath", "Certificate:Path=certificate" },
        { "Certificate:KeyPath", "certificate", "Certificate__KeyPath", "Certificate:Path=certificate" },
        { "Certificate:KeyPath", "encrypted key", "Certificate__KeyPath", "Certificate:Path=certificate" },
        { "Certificate:Password", "secret-password", "Certificate__KeyPath", "Certificate:Path=certificate|Certificate:KeyPath=key" },
        { "Certificate:Password", "secret-wrong", "Certificate__KeyPath",
            "Certificate:Path=certificate|Certificate:KeyPath=encrypted key" },
        { "Sni:h.example.test:Certificate:Path", "/nowhere/c.pfx", "Sni__h.example.test__Certificate__Path", "" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_wrong_setting_of_the_Kestrel_section_is_named_and_no_secret_shown(string key, string? value, string named, string more)
    {
        var failure = Assert.Throws<SettingsException>(() =>
            Build([(Endpoint + "Url", Address), .. More(more == "sound" ? Sound.First().Data : more), (Endpoint + key, Files(value))]));

        Assert.Equal($"Kestrel__Endpoints__X__{named}", Assert.Single(failure.Faults).Name);
        Assert.DoesNotContain("secret-", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_wrong_settings_of_the_Kestrel_section_are_reported_at_once()
    {
        var failure = Assert.Throws<SettingsException>(() =>
            Build([(Endpoint + "Url", "x"), (Endpoint + "Protocols", "y"), (Default + "Path", "/nowhere"), ("PORT", "z")]));

        Assert.Equal(["Kestrel__Certificates__Default__Path", "Kestrel__Endpoints__X__Protocols", "Kestrel__Endpoints__X__Url", "PORT"],
            failure.Faults.Select(one => one.Name).Order());
    }

    public static readonly TheoryData<string> Sound =
    [
        $"Certificate:Path=PKCS #12|Certificate:Password={SelfSigned.Password}",
        "Certificate:Path=certificate|Certificate:KeyPath=key",
        $"Certificate:Path=certificate|Certificate:KeyPath=encrypted key|Certificate:Password={Pem.Password}",
        $"Sni:*:Certificate:Path=PKCS #12|Sni:*:Certificate:Password={SelfSigned.Password}",
        "Url=http://127.0.0.1:0|Protocols=http1",
        "Certificate:Path=certificate|Certificate:KeyPath=key|Protocols=HTTP1ANDHTTP2|SslProtocols:0=tls13",
        "Certificate:Path=certificate|Certificate:KeyPath=key|ClientCertificateMode=nocertificate",
    ];

    [Theory]
    [MemberData(nameof(Sound))]
    public async Task A_Kestrel_section_that_the_server_accepts_starts_the_gateway(string settings)
    {
        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded([("ASPNETCORE_ENVIRONMENT", "Production"),
            (Endpoint + "Url", Address), .. More(settings)]));
    }

    private static IEnumerable<(string, string?)> More(string settings) =>
        settings.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=')).Select(one =>
            (Endpoint + one[0], Files(one[1])));

    /// <summary>Words that stand for files, which are made anew in each process.</summary>
    private static string? Files(string? word) => word switch
    {
        "certificate" => Whole.Certificate,
        "key" => Whole.Key,
        "encrypted key" => Whole.EncryptedKey,
        "another key" => Pem.Create().Key,
        "PKCS #12" => Pkcs12,
        _ => word,
    };

    private static void Build((string, string?)[] settings) =>
        Program.Build(TestSettings.Configuration(TestSettings.Embedded([("ASPNETCORE_ENVIRONMENT", "Production"), .. settings])),
            logging => logging.ClearProviders()).Dispose();
}
