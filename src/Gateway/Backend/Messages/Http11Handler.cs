namespace FathomGateway.Backend.Messages;

/// <summary>
/// Sends messages of <see cref="HttpClient"/> over HTTP/1.1 connections with the guarantees of the direct forwarder: it reads the response
/// while it sends the request, sends nothing twice that must not be, and reuses only clean connections.
/// </summary>
internal sealed class Http11Handler(BackendPools pools) : HttpMessageHandler
{
    /// <exception cref="HttpRequestException">The connection, the request or the response has failed.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var pool = pools.Of(request.RequestUri!.GetLeftPart(UriPartial.Authority));
        BackendConnection? connection = null;
        try
        {
            connection = pool.TryTake() ?? await pool.ConnectAsync(cancellationToken);
            while (true)
            {
                try
                {
                    return await new MessageExchange(request, connection).SendAsync(cancellationToken);
                }
                catch (IOException) when (
                    RetryPolicy.CanRetry(connection, request.Method.Method, hasBody: request.Content is not null)
                    && !cancellationToken.IsCancellationRequested)
                {
                    connection.Dispose();
                    connection = await pool.ConnectAsync(cancellationToken);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            connection?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new HttpRequestException(KindOf(failure), "The exchange with the backend failed.", failure);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) pools.Dispose();
        base.Dispose(disposing);
    }

    private static HttpRequestError KindOf(Exception failure) => failure is not BackendException { Failure: var kind }
        ? HttpRequestError.ResponseEnded
        : kind switch
        {
            BackendFailure.Name => HttpRequestError.NameResolutionError,
            BackendFailure.Connect or BackendFailure.ConnectTimeout => HttpRequestError.ConnectionError,
            BackendFailure.Tls => HttpRequestError.SecureConnectionError,
            BackendFailure.NoResponse => HttpRequestError.ResponseEnded,
            _ => HttpRequestError.InvalidResponse,
        };
}
