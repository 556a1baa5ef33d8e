using System.Runtime.CompilerServices;
using FathomGateway.Backend;
using FathomGateway.Backend.Http1;
using FathomGateway.Limits.Connections;

namespace FathomGateway.Proxy.Direct;

/// <summary>One request and its response, over one connection to the backend. The response is read from the first byte that is sent.</summary>
internal sealed class ForwardedExchange(HttpContext context, ForwardedRequest request, OutputBuffer output, ClientConnection? client)
{
    private RequestBody? _body;
    private bool _endsAlong;

    /// <summary>
    /// Whether the end of the response is still to be flushed: once the connection to the backend is given back, so that the client's next
    /// request finds it.
    /// </summary>
    public bool MustFlush { get; private set; }

    /// <summary>What became of the request's body; null where there is none.</summary>
    public RequestBody? Body => _body;

    /// <summary>Sends the request and passes the response on.</summary>
    /// <returns>Whether the connection can carry another request.</returns>
    /// <exception cref="BackendException">There was no response, or no valid one.</exception>
    /// <exception cref="IOException">The connection to the backend, or the client's, broke.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> RunAsync(BackendConnection connection)
    {
        connection.Begin();
        var aborted = EndWithClient(connection);
        try
        {
            // 1. The head, and the body beside all that follows.
            if (request.HasBody) (_body = new RequestBody(context, connection, request, output, client)).Start();
            else await connection.WriteAsync(output.Written);

            // 2. The response's head, with interim ones before it.
            await connection.ReadHeadAsync(request.IsUpgrade, _body?.Expectation);
            var head = connection.Head;
            if (head.Status == StatusCodes.Status101SwitchingProtocols)
            {
                // From now on the end of the client's bytes is no abort.
                client?.StopEndingAlong();
                await aborted.DisposeAsync();
                await UpgradedConnection.RunAsync(context, connection, client);
                return false;
            }

            // 3. The response.
            _body?.Expectation?.Withdraw();
            ForwardedResponse.CopyHead(head, context, closes: MustClose(head));
            MustFlush = await ResponseBody.CopyAsync(context, connection, client);

            // 4. What is left of the request's body.
            if (_body is null || _body.IsComplete)
            {
                var isClean = !head.AnnouncesForbiddenBody && head.FramingFor(context.Request.Method) != BodyFraming.UntilClose;
                return (!_endsAlong || client!.StopEndingAlong()) && isClean;
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
            // Nothing may read the request any more when it is answered.
            connection.Abort();
            await _body.StopAsync();
            throw;
        }
        finally
        {
            client?.StopEndingAlong();
            await aborted.DisposeAsync();
        }
    }

    /// <summary>Has the connection to the backend closed when the client gives the request up, whatever is waited for then.</summary>
    private CancellationTokenRegistration EndWithClient(BackendConnection connection)
    {
        if (client is null || !ForwardedRequest.IsHttp1(context.Request.Protocol))
        {
            return context.RequestAborted.UnsafeRegister(static connection => ((BackendConnection)connection!).Abort(), connection);
        }

        _endsAlong = true;
        client.EndAlong(connection.Socket);
        return default;
    }

    /// <summary>
    /// Whether the client is told that its connection ends: the body that it is sending will not be read to its end. Of a response that may well come
    /// beside the body (2xx, the backend reads on) this is not known yet.
    /// </summary>
    private bool MustClose(ResponseHead head) =>
        _body is { IsRead: false } && (head.Status >= StatusCodes.Status400BadRequest || !head.KeepsConnection || !_body.HasStarted);
}
