using FathomGateway.Internal;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary><c>/health/ready</c> before every listener is bound, while the gateway serves, and while it stops.</summary>
public sealed class ReadinessPhaseTests
{
    [Fact]
    public async Task A_gateway_is_ready_once_it_has_started_and_until_it_stops()
    {
        using var lifetime = new Lifetime();
        Assert.Equal((503, """{"status":"starting"}"""), await AskAsync(lifetime));

        lifetime.Start();
        Assert.Equal((200, """{"status":"ready","proxy":"up"}"""), await AskAsync(lifetime));

        lifetime.StopApplication();
        Assert.Equal((503, """{"status":"stopping"}"""), await AskAsync(lifetime));
    }

    private static async Task<(int Status, string Body)> AskAsync(IHostApplicationLifetime lifetime)
    {
        var collection = new ServiceCollection().AddLogging();
        collection.AddHealthChecks();
        await using var services = collection.BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, Request = { Method = "GET" }, Response = { Body = body } };
        await new HealthEndpoint(services.GetRequiredService<HealthCheckService>(), lifetime).ReadyAsync(context);
        return (context.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()).TrimEnd());
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _started = new(), _stopping = new();

        public CancellationToken ApplicationStarted => _started.Token;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void Start() => _started.Cancel();

        public void StopApplication() => _stopping.Cancel();

        public void Dispose()
        {
            _started.Dispose();
            _stopping.Dispose();
        }
    }
}
