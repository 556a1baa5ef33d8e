using Yarp.ReverseProxy.Configuration;

// YARP as its first page of documentation sets it up: one route that takes everything, one destination, every default left alone,
// but for two without which there would be nothing to compare: bodies may be larger than 30 MB, and no request writes a line of log.
var backend = Environment.GetEnvironmentVariable("BACKEND_URL") ?? throw new InvalidOperationException("BACKEND_URL is not set.");
var port = Environment.GetEnvironmentVariable("PORT") ?? throw new InvalidOperationException("PORT is not set.");

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddReverseProxy().LoadFromMemory(
    [new RouteConfig { RouteId = "all", ClusterId = "backend", Match = new RouteMatch { Path = "{**path}" }, MaxRequestBodySize = -1 }],
    [
        new ClusterConfig
        {
            ClusterId = "backend",
            Destinations = new Dictionary<string, DestinationConfig> { ["only"] = new() { Address = backend } },
        },
    ]);

var app = builder.Build();
app.MapReverseProxy();
app.Run();
