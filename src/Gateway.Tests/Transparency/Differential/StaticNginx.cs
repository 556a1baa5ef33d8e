using System.Diagnostics;
using System.Net.Sockets;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>nginx as a backend that serves a folder, and takes WebDAV in it.</summary>
internal sealed class StaticNginx : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _process;

    private StaticNginx(ChildProcess process, int port)
    {
        _process = process;
        Address = new Uri($"http://127.0.0.1:{port}/");
    }

    public Uri Address { get; }

    public static async Task<StaticNginx> StartAsync()
    {
        var port = FreePort.Next();
        var folder = TempFolder.Create("nginx");
        var root = Path.Combine(folder, "root");
        Directory.CreateDirectory(Path.Combine(root, "dir"));
        await File.WriteAllTextAsync(Path.Combine(root, "dir", "index.html"), "a page");
        var file = Path.Combine(folder, "nginx.conf");
        // It would put its own port into its redirects, which is 80 where it is deployed, and then left out.
        await File.WriteAllTextAsync(file, $$"""
            user root; daemon off; master_process off; pid {{folder}}/pid; error_log {{folder}}/error.log;
            events { }
            http {
              access_log off;
              client_body_temp_path {{folder}}; proxy_temp_path {{folder}}; fastcgi_temp_path {{folder}}; uwsgi_temp_path {{folder}};
              scgi_temp_path {{folder}};
              server { listen 127.0.0.1:{{port}}; port_in_redirect off; root {{root}}; dav_methods PUT DELETE MOVE COPY; }
            }
            """);
        var nginx = new StaticNginx(ChildProcess.Start(new ProcessStartInfo(Programs.Find("nginx", "apt-get install nginx",
            "/usr/sbin/nginx"), ["-e", $"{folder}/error.log", "-c", file])), port);
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
