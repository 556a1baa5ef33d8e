using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>nginx in the gateway's place, as it is usually set up for an API: to see what it does with the same cases.</summary>
internal static class Nginx
{
    public static Task<ServerProgram> StartAsync(Uri backend) => NginxServer.StartAsync((_, port) => $$"""
        client_max_body_size 0; large_client_header_buffers 4 32k;
        proxy_buffer_size 64k; proxy_buffers 8 64k; proxy_busy_buffers_size 128k;
        server {
          listen 127.0.0.1:{{port}};
          location / {
            proxy_pass {{backend.GetLeftPart(UriPartial.Authority)}}; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_pass_header Date; proxy_pass_header Server; proxy_buffering off; proxy_request_buffering off;
          }
        }
        """);
}
