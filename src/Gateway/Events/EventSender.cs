using System.Globalization;
using System.Net.Http.Headers;
using FathomGateway.Events.Outbox;
using FathomGateway.Settings;
using FathomGateway.Settings.Responses;
using FathomGateway.Tls;

namespace FathomGateway.Events;

/// <summary>Posts one event with its signature.</summary>
internal sealed class EventSender(EventsOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>Limit of one attempt.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Limit of a TCP and TLS handshake.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Most kilobytes of an answer's header fields.</summary>
    private const int MaxHeadersKilobytes = 16;

    /// <summary>
    /// A connection is taken until the body of its answer has ended, so a receiver that never ends one would get a connection for each
    /// event. Without the bound these would use up the file descriptors of the proxy.
    /// </summary>
    private const int MaxConnections = EventDelivery.MaxConcurrent;

    /// <summary>
    /// How long a body may go on after its attempt has ended. A connection whose body has ended by then is used again, any other is closed.
    /// A receiver that sends the body in a segment of its own may do so a round trip later (RFC 896). The next attempts wait for a
    /// connection no longer than this.
    /// </summary>
    private static readonly TimeSpan BodyTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Most bytes of a body that are read, and not used, so that its connection can be used again.</summary>
    private const int MaxBodyBytes = 64 * 1024;

    private readonly HttpMessageInvoker _client = new(CreateHandler());

    public Uri Url => options.Url;

    /// <exception cref="OperationCanceledException">Cancelled by the caller; the event may have arrived.</exception>
    public async Task<EventAnswer> SendAsync(StoredEvent storedEvent, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var request = Request(storedEvent);
            using var response = await _client.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode
                ? EventAnswer.Delivered
                : new EventAnswer($"status {(int)response.StatusCode}", RetryAfterHeader.Read(response.Headers, clock.GetUtcNow()));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The limit of the attempt or the limit of the handshake is over.
            return new EventAnswer("no answer in time", null);
        }
        catch (HttpRequestException failure)
        {
            return new EventAnswer(Describe(failure.HttpRequestError), null);
        }
    }

    public void Dispose() => _client.Dispose();

    internal static SocketsHttpHandler CreateHandler()
    {
        var handler = OutgoingHttp.CreateHandler(useProxy: false);
        handler.ConnectTimeout = ConnectTimeout;
        handler.MaxResponseHeadersLength = MaxHeadersKilobytes;
        handler.MaxConnectionsPerServer = MaxConnections;
        handler.ResponseDrainTimeout = BodyTimeout;
        handler.MaxResponseDrainSize = MaxBodyBytes;
        return handler;
    }

    private HttpRequestMessage Request(StoredEvent storedEvent)
    {
        var (body, timestamp) = (storedEvent.Body(), clock.GetUtcNow().ToUnixTimeSeconds());
        var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(ProductInfo.UserAgent);
        request.Headers.Add("webhook-id", storedEvent.Id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", EventSignature.Sign(options.Keys, storedEvent.Id, timestamp, body));
        return request;
    }

    private static string Describe(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "its name is not known",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.SecureConnectionError => "no TLS",
        _ => "broken off",
    };
}

/// <summary>Result of an attempt.</summary>
/// <param name="Result">Fixed words or the status, without any text of the receiver; null where the event was delivered.</param>
/// <param name="RetryAfter">The pause that the receiver asked for.</param>
internal sealed record EventAnswer(string? Result, TimeSpan? RetryAfter)
{
    public static readonly EventAnswer Delivered = new(null, null);

    public bool IsDelivered => Result is null;
}
