using System.Diagnostics;
using System.Net.Sockets;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>nginx in the gateway's place, as it is usually set up for an API: to see what it does with the same cases.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _process;

    private Nginx(ChildProcess process, int port)
    {
        _process = process;
        Address = new Uri($"http://127.0.0.1:{port}/");
    }

    public Uri Address { get; }

    public static async Task<Nginx> StartAsync(Uri backend)
    {
        var port = FreePort.Next();
        var folder = TempFolder.Create("nginx");
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, $$"""
            daemon off; master_process off; pid {{folder}}/pid; error_log {{folder}}/error.log;
            events { }
            http {
              access_log off; client_body_temp_path {{folder}}; proxy_temp_path {{folder}}; fastcgi_temp_path {{folder}}; uwsgi_temp_path {{folder}}; scgi_temp_path {{folder}};
              client_max_body_size 0; large_client_header_buffers 4 32k; proxy_buffer_size 64k; proxy_buffers 8 64k; proxy_busy_buffers_size 128k;
              server {
                listen 127.0.0.1:{{port}};
                location / { proxy_pass {{backend.GetLeftPart(UriPartial.Authority)}}; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass_header Date; proxy_pass_header Server; proxy_buffering off; proxy_request_buffering off; }
              }
            }
            """);
        var nginx = new Nginx(ChildProcess.Start(new ProcessStartInfo(Programs.Find("nginx", "apt-get install nginx", "/usr/sbin/nginx"), ["-e", $"{folder}/error.log", "-c", file])), port);
        await Eventually.BecomesTrueAsync(() => nginx.AcceptsAsync(), StartLimit, "nginx accepts connections");
        return nginx;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<bool> AcceptsAsync()
    {
        using var probe = new TcpClient();
        await probe.ConnectAsync(Address.Host, Address.Port);
        return true;
    }
}
