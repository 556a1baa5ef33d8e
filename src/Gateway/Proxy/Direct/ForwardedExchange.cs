using System.Runtime.CompilerServices;
using FathomGateway.Backend;
using FathomGateway.Backend.Http1;
using FathomGateway.Limits.Connections;

namespace FathomGateway.Proxy.Direct;

/// <summary>One request and its response over one backend connection. Reading of the response begins with the first byte sent.</summary>
internal sealed class ForwardedExchange(HttpContext context, ForwardedRequest request, OutputBuffer output, ClientConnection? client)
{
    private RequestBody? _body;
    private bool _closesWithClient;

    /// <summary>
    /// Whether the end of the response still has to be flushed. The flush follows the return of the backend connection, so that the
    /// client's next request finds the connection in the pool.
    /// </summary>
    public bool MustFlush { get; private set; }

    /// <summary>The request's body; null where there is none.</summary>
    public RequestBody? Body => _body;

    /// <summary>Sends the request and copies the response.</summary>
    /// <returns>Whether the connection can carry another request.</returns>
    /// <exception cref="BackendException">There was no response, or no valid one.</exception>
    /// <exception cref="IOException">The connection to the backend or to the client broke.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> RunAsync(BackendConnection connection)
    {
        connection.Begin();
        var aborted = EndWithClient(connection);
        try
        {
            // 1. Send the head. The body is sent concurrently with all further steps.
            if (request.HasBody) (_body = new RequestBody(context, connection, request, output, client)).Start();
            else await connection.WriteAsync(output.Written);

            // 2. Read the response's head and skip interim responses.
            await connection.ReadHeadAsync(request.IsUpgrade, _body?.Expectation);
            var head = connection.Head;
            if (head.Status == StatusCodes.Status101SwitchingProtocols)
            {
                // After an upgrade, the end of the client's data is no abort.
                client?.StopClosingWithClient();
                await aborted.DisposeAsync();
                await UpgradedConnection.RunAsync(context, connection, client);
                return false;
            }

            // 3. Copy the response.
            _body?.Expectation?.Withdraw();
            ForwardedResponse.CopyHead(head, context, closes: MustClose(head));
            MustFlush = await ResponseBody.CopyAsync(context, connection, client);

            // 4. Deal with the rest of the request's body.
            if (_body is null || _body.IsComplete)
            {
                var isClean = !head.AnnouncesForbiddenBody && head.FramingFor(context.Request.Method) != BodyFraming.UntilClose;
                return (!_closesWithClient || client!.StopClosingWithClient()) && isClean;
            }

            if (MustFlush) await context.Response.BodyWriter.FlushAsync();
            MustFlush = false;
            await context.Response.CompleteAsync();
            connection.Abort();
            await _body.StopAsync();
            await LingeringClose.DrainAsync(context, _body);
            return false;
        }
        catch (Exception) when (_body is { IsComplete: false })
        {
            // The error response must not run concurrently with reads of the request.
            connection.Abort();
            await _body.StopAsync();
            throw;
        }
        finally
        {
            client?.StopClosingWithClient();
            await aborted.DisposeAsync();
        }
    }

    /// <summary>Closes the backend connection when the client aborts the request, whatever the exchange waits for.</summary>
    private CancellationTokenRegistration EndWithClient(BackendConnection connection)
    {
        if (client is null || !ForwardedRequest.IsHttp1(context.Request.Protocol))
        {
            return context.RequestAborted.UnsafeRegister(static connection => ((BackendConnection)connection!).Abort(), connection);
        }

        _closesWithClient = true;
        client.CloseWithClient(connection.Socket);
        return default;
    }

    /// <summary>
    /// Whether the response tells the client that its connection ends, because the gateway will not read the rest of the request's body.
    /// For a 2xx response beside a body that the backend may still read, this is not known yet.
    /// </summary>
    private bool MustClose(ResponseHead head) =>
        _body is { IsRead: false } && (head.Status >= StatusCodes.Status400BadRequest || !head.KeepsConnection || !_body.HasStarted);
}
