using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>A listener with TLS by the server's own configuration: HTTP/2 where the client can, HTTP/1.1 where not.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly int _port = FreePort.Next();
    private Pair _pair = null!;

    public async ValueTask InitializeAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(TempFolder.Create("certificate"), "localhost.pfx");
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pfx, "password"));
        _pair = await Pair.WithAsync(
            ("Kestrel:Endpoints:Https:Url", $"https://127.0.0.1:{_port}"),
            ("Kestrel:Endpoints:Https:Certificate:Path", file),
            ("Kestrel:Endpoints:Https:Certificate:Password", "password"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_target_arrives_to_the_letter(string version)
    {
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=localhost" } });
        var address = new Uri($"https://127.0.0.1:{_port}/a%2Fb?x=%41", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(version, response.Version.ToString());
        Assert.Equal("/a%2Fb?x=%41", _pair.Backend.Request.Head.Target);
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
