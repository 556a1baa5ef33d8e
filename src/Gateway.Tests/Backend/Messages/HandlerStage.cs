using System.Security.Cryptography.X509Certificates;
using FathomGateway.Backend;
using FathomGateway.Backend.Messages;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Time.Testing;

namespace FathomGateway.Tests.Backend;

/// <summary>The handler for .NET's messages, alone, and a server that a script plays byte by byte.</summary>
internal sealed class HandlerStage : IAsyncDisposable
{
    private readonly HttpMessageInvoker _invoker;

    public HandlerStage(Func<RawExchange, Task> script, TimeProvider? clock = null, X509Certificate2? certificate = null)
    {
        Server = RawServer.Start(script, certificate: certificate);
        Pools = new BackendPools(clock ?? Clock, inline: false) { AcceptsAnyCertificate = certificate is not null };
        _invoker = new HttpMessageInvoker(new Http11Handler(Pools));
    }

    public FakeTimeProvider Clock { get; } = new();

    public RawServer Server { get; }

    public BackendPools Pools { get; }

    /// <summary>A message whose body may be under way when the response is there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel = default) =>
        _invoker.SendAsync(request, cancel);

    public HttpRequestMessage Request(string method = "GET", string target = "", HttpContent? content = null) =>
        new(new HttpMethod(method), new Uri(Server.Address, target)) { Content = content };

    /// <summary>The body of a whole exchange.</summary>
    public async Task<string> GetAsync(string target = "", string method = "GET", HttpContent? content = null)
    {
        using var request = Request(method, target, content);
        using var response = await SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _invoker.Dispose();
        await Server.DisposeAsync();
    }
}
