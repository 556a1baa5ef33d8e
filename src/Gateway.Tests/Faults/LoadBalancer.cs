using System.Net.Http.Headers;
using System.Net.Sockets;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Faults;

/// <summary>
/// A load balancer at its plainest: each request, on a connection of its own, goes to the next replica that says that it is ready; and
/// where a connection is refused, on which nothing has been sent, to the one after. Nothing is ever sent twice.
/// </summary>
internal sealed class LoadBalancer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private readonly CancellationTokenSource _ends = new();
    private readonly Task _looking;
    private volatile GatewayProcess[] _all = [], _ready = [];
    private int _turn;

    public LoadBalancer() => _looking = LookAsync();

    /// <summary>From now on its readiness is asked for.</summary>
    public async Task AddAsync(GatewayProcess replica)
    {
        _all = [.. _all, replica];
        await Eventually.BecomesTrueAsync(() => _ready.Contains(replica), TimeSpan.FromSeconds(60), "the new replica is ready");
    }

    public void Remove(GatewayProcess replica) => _all = [.. _all.Where(one => one != replica)];

    public async Task<HttpResponseMessage> GetAsync(string target, string? token = null)
    {
        while (true)
        {
            var ready = _ready;
            if (ready.Length == 0)
            {
                await Task.Delay(Pause);
                continue;
            }

            var replica = ready[(uint)Interlocked.Increment(ref _turn) % ready.Length];
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(replica.Public, target));
            request.Headers.ConnectionClose = true;
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            try
            {
                return await _client.SendAsync(request);
            }
            catch (HttpRequestException failure)
                when (failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                // The next one.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _looking;
        _client.Dispose();
        _ends.Dispose();
    }

    private async Task LookAsync()
    {
        while (!_ends.IsCancellationRequested)
        {
            var all = _all;
            var answers = await Task.WhenAll(all.Select(replica => replica.IsReadyAsync()));
            // One that is removed may still be asked for a moment: it is not ready.
            _ready = [.. all.Where((_, i) => answers[i])];
            await Task.Delay(Pause, _ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
