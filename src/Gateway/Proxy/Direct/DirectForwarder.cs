using System.Runtime.CompilerServices;
using FathomGateway.Backend;
using FathomGateway.Backend.Http1;
using FathomGateway.Connect;
using FathomGateway.Limits.Connections;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Forwards a request over one connection of HTTP/1.1 and passes the response on while the request may still be under way. What YARP's forwarder
/// has besides (messages for transforms, limits for activity, HTTP/2) is left to it: see <see cref="ForwarderSelector"/>.
/// </summary>
internal sealed class DirectForwarder(ProxyOptions options)
{
    /// <returns>What went wrong; the response is answered or ended then, and the feature of YARP is set.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ForwarderError> ForwardAsync(HttpContext context, BackendPool pool)
    {
        if (ForwardedRequest.Create(context) is not { } request) return ForwarderError.None;
        var output = new OutputBuffer();
        try
        {
            if (!request.TryWriteHead(context, pool.Address, options, output))
            {
                ProxyErrorResponse.Refuse(context, StatusCodes.Status400BadRequest, "field");
                return ForwarderError.None;
            }

            return await SendAsync(context, request, output, pool, ClientConnection.Of(context));
        }
        finally
        {
            output.Release();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<ForwarderError> SendAsync(HttpContext context, ForwardedRequest request, OutputBuffer output, BackendPool pool, ClientConnection? client)
    {
        var exchange = new ForwardedExchange(context, request, output, client);
        BackendConnection? connection = null;
        try
        {
            connection = ConnectionAffinity.Take(client, pool) ?? pool.TryTake() ?? await pool.ConnectAsync(context.RequestAborted);
            while (true)
            {
                try
                {
                    var isReusable = await exchange.RunAsync(connection);
                    if (isReusable) ConnectionAffinity.Return(context, connection, client);
                    else connection.Dispose();
                    // It may be somebody else's by now.
                    connection = null;
                    if (exchange.MustFlush) await context.Response.BodyWriter.FlushAsync();
                    return ForwarderError.None;
                }
                catch (IOException) when (IsStale(connection!, request, context))
                {
                    connection!.Dispose();
                    connection = await pool.ConnectAsync(context.RequestAborted);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            connection?.Dispose();
            return ForwardingError.Report(context, failure, exchange.Body);
        }
    }

    /// <summary>
    /// Whether a request may be sent again: it is safe (RFC 9110, section 9.2.1) and has no body, and a connection that was kept open ended before
    /// a byte of the response, so that the server had most likely closed it before the request came.
    /// </summary>
    private static bool IsStale(BackendConnection connection, ForwardedRequest request, HttpContext context) =>
        connection is { IsReused: true, HasAnswered: false } && !request.HasBody && !context.RequestAborted.IsCancellationRequested
        && context.Request.Method is ("GET" or "HEAD" or "OPTIONS");
}
