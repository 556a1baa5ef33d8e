using System.Security.Cryptography.X509Certificates;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>nginx as the backend, which ends a connection after so many requests, whatever is under way on it.</summary>
[Trait("Speed", "Slow")]
public sealed class NginxBackendTests
{
    private const int Requests = 400, AtOnce = 8;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task None_of_four_hundred_posts_is_lost_when_connections_are_ended_after_twenty_B3_P13(bool tls)
    {
        Assert.SkipUnless(Programs.IsOnPath("nginx"), "nginx is not installed on this machine.");
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
        var folder = TempFolder.Create("nginx");
        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(
            SelfSigned.CreateFile(), SelfSigned.Password, X509KeyStorageFlags.Exportable);
        await File.WriteAllTextAsync($"{folder}/certificate.pem", certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync($"{folder}/key.pem", key.ExportPkcs8PrivateKeyPem());
        var listen = tls ? $"ssl http2; ssl_certificate {folder}/certificate.pem; ssl_certificate_key {folder}/key.pem" : "";
        return await ServerProgram.StartAsync(
            "nginx",
            port =>
            {
                File.WriteAllText($"{folder}/nginx.conf", $$"""
                    daemon off; master_process off; pid {{folder}}/pid; error_log {{folder}}/error.log;
                    events { }
                    http {
                      access_log off; client_body_temp_path {{folder}}; proxy_temp_path {{folder}};
                      fastcgi_temp_path {{folder}}; uwsgi_temp_path {{folder}}; scgi_temp_path {{folder}};
                      keepalive_requests 20; default_type text/plain;
                      server { listen 127.0.0.1:{{port}} {{listen}}; location / { return 200 $uri; } }
                    }
                    """);
                return ["-e", $"{folder}/error.log", "-c", $"{folder}/nginx.conf"];
            },
            tls ? "https" : "http");
    }
}
