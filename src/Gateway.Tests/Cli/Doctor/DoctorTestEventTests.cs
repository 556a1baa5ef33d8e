using FathomGateway.Tests.Events;
using FathomGateway.Tests.Fathom;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tls;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary><c>gateway doctor --send-event</c> to a receiver with TLS.</summary>
[Trait("Speed", "Slow")]
public sealed class DoctorTestEventTests
{
    /// <summary>A process of its own does not know the authority of the tests.</summary>
    [Fact]
    public async Task A_receiver_of_a_private_authority_is_named_as_such_and_reached_with_SSL_CERT_FILE()
    {
        using var certificates = new Certificates(TrustedAuthority.Certificate);
        await using var receiver = new TlsListener(certificates.Make("none"), asPostgres: false);
        var settings = TestSettings.Embedded(
            ("EVENTS_URL", $"https://{receiver.Authority}/hook"), ("EVENTS_SECRET", EventReceiver.NewSecret()));

        var (_, output, _) = await GatewayProcess.RunAsync(["doctor", "--send-event"], settings);
        Assert.Contains("no TLS. Let it send its whole certificate chain", output, StringComparison.Ordinal);

        settings["SSL_CERT_FILE"] = Path.Combine(TempFolder.Create("authority"), "authority.pem");
        await File.WriteAllTextAsync(settings["SSL_CERT_FILE"]!, TrustedAuthority.Certificate.ExportCertificatePem());
        (_, output, _) = await GatewayProcess.RunAsync(["doctor", "--send-event"], settings);
        Assert.Contains("did not take a signed test event: status 503.", output, StringComparison.Ordinal);
    }
}
