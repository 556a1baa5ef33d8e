using System.Security.Cryptography.X509Certificates;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>nginx as the backend, which ends a connection after a number of requests, even with requests in progress.</summary>
[Trait("Speed", "Slow")]
public sealed class NginxBackendTests
{
    private const int Requests = 400, AtOnce = 8;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_POST_is_lost_when_nginx_ends_each_connection_after_twenty_requests_B3(bool tls)
    {
        Assert.SkipUnless(NginxServer.IsInstalled, "nginx is not installed on this machine.");
        await using var nginx = await StartAsync(tls);
        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(
            ("BACKEND_URL", $"{nginx.Address}"), ("ReverseProxy:Clusters:backend:HttpClient:DangerousAcceptAnyServerCertificate", "true")));

        using var places = new SemaphoreSlim(AtOnce);
        var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(async number =>
        {
            await places.WaitAsync();
            try
            {
                using var content = new StringContent(new string('x', number));
                using var response = await gateway.Client.PostAsync($"{number}", content);
                return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
            }
            finally
            {
                places.Release();
            }
        }));

        Assert.Equal(Enumerable.Range(0, Requests).Select(number => $"200 /{number}"), answers);
    }

    private static async Task<ServerProgram> StartAsync(bool tls)
    {
        var folder = TempFolder.Create("nginx-certificate");
        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(
            SelfSigned.CreateFile(), SelfSigned.Password, X509KeyStorageFlags.Exportable);
        await File.WriteAllTextAsync($"{folder}/certificate.pem", certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync($"{folder}/key.pem", key.ExportPkcs8PrivateKeyPem());
        var listen = tls ? $"ssl http2; ssl_certificate {folder}/certificate.pem; ssl_certificate_key {folder}/key.pem" : "";
        return await NginxServer.StartAsync(
            (_, port) => $$"""
                keepalive_requests 20; default_type text/plain;
                server { listen 127.0.0.1:{{port}} {{listen}}; location / { return 200 $uri; } }
                """,
            tls ? "https" : "http");
    }
}
