namespace FathomGateway.Tests.Kit;

/// <summary>nginx as a program of its own, in one process, with all of its files in one temporary folder.</summary>
internal static class NginxServer
{
    public static bool IsInstalled => Programs.IsOnPath("nginx");

    /// <summary>Starts it and waits until it accepts connections.</summary>
    /// <param name="http">What stands in the block <c>http</c>; given the folder and the port to listen on.</param>
    /// <param name="main">Directives outside of it.</param>
    public static Task<ServerProgram> StartAsync(Func<string, int, string> http, string scheme = "http", string main = "")
    {
        var folder = TempFolder.Create("nginx");
        return ServerProgram.StartAsync(
            "nginx",
            port =>
            {
                File.WriteAllText($"{folder}/nginx.conf", $$"""
                    {{main}}
                    daemon off; master_process off; pid {{folder}}/pid; error_log {{folder}}/error.log;
                    events { }
                    http {
                      access_log off; client_body_temp_path {{folder}}; proxy_temp_path {{folder}};
                      fastcgi_temp_path {{folder}}; uwsgi_temp_path {{folder}}; scgi_temp_path {{folder}};
                      {{http(folder, port)}}
                    }
                    """);
                return ["-e", $"{folder}/error.log", "-c", $"{folder}/nginx.conf"];
            },
            scheme);
    }
}
