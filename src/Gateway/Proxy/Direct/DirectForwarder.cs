using System.Runtime.CompilerServices;
using FathomGateway.Backend;
using FathomGateway.Backend.Http1;
using FathomGateway.Limits.Connections;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Forwards a request over one HTTP/1.1 connection and sends the response on while the request may still be in progress. YARP's forwarder
/// handles transforms, activity timeouts and HTTP/2: see <see cref="ForwarderSelector"/>.
/// </summary>
internal sealed class DirectForwarder(ProxyOptions options)
{
    /// <returns>The error, if any. The response is then complete or aborted, and YARP's error feature is set.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ForwarderError> ForwardAsync(HttpContext context, BackendPool pool)
    {
        if (ForwardedRequest.Create(context, options) is not { } request) return ForwarderError.None;
        var output = new OutputBuffer();
        try
        {
            if (!request.TryWriteHead(context, pool.Address, output))
            {
                RequestChecks.RefuseField(context);
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
    private static async ValueTask<ForwarderError> SendAsync(
        HttpContext context, ForwardedRequest request, OutputBuffer output, BackendPool pool, ClientConnection? client)
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
                    // Another request may use the connection from here on.
                    connection = null;
                    if (exchange.MustFlush) await context.Response.BodyWriter.FlushAsync();
                    return ForwarderError.None;
                }
                catch (IOException) when (
                    RetryPolicy.CanRetry(connection!, context.Request.Method, request.HasBody)
                    && !context.RequestAborted.IsCancellationRequested)
                {
                    connection!.Dispose();
                    connection = await pool.ConnectAsync(context.RequestAborted);
                }
            }
        }
        catch (Exception failure) when (
            failure is IOException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            connection?.Dispose();
            return ForwardingError.Report(context, failure, exchange.Body);
        }
    }
}
