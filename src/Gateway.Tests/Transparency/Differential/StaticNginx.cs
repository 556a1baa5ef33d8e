using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>nginx as a backend that serves a folder, and takes WebDAV in it.</summary>
internal static class StaticNginx
{
    public static Task<ServerProgram> StartAsync() => NginxServer.StartAsync(
        (folder, port) =>
        {
            Directory.CreateDirectory($"{folder}/root/dir");
            File.WriteAllText($"{folder}/root/dir/index.html", "a page");
            // It would put its own port into its redirects, which is 80 where it is deployed, and then left out.
            return $$"""
                server { listen 127.0.0.1:{{port}}; port_in_redirect off; root {{folder}}/root; dav_methods PUT DELETE MOVE COPY; }
                """;
        },
        main: "user root;");
}
