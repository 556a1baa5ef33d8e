using FathomGateway.Backend;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Answers a request that could not be forwarded, or aborts a response in progress, and reports the error to YARP's pipeline.
/// </summary>
internal sealed class ForwardingError(ForwarderError error, Exception failure) : IForwarderErrorFeature
{
    /// <summary>HTTP/2 error code INTERNAL_ERROR (RFC 9113, section 7).</summary>
    private const int InternalError = 2;

    public ForwarderError Error => error;

    public Exception Exception => failure;

    public static ForwarderError Report(HttpContext context, Exception failure, RequestBody? body)
    {
        var (error, status) = Classify(context, failure, body);
        context.Features.Set<IForwarderErrorFeature>(new ForwardingError(error, failure));
        if (!context.Response.HasStarted)
        {
            context.Response.Clear();
            context.Response.StatusCode = status;
        }
        else if (context.Features.Get<IHttpResetFeature>() is { } stream)
        {
            stream.Reset(InternalError);
        }
        else
        {
            // A clean end would make the client take a partial body for a complete one.
            context.Abort();
        }

        return error;
    }

    private static (ForwarderError Error, int Status) Classify(HttpContext context, Exception failure, RequestBody? body)
    {
        if (context.Response.HasStarted)
        {
            var side = context.RequestAborted.IsCancellationRequested
                ? ForwarderError.ResponseBodyClient
                : ForwarderError.ResponseBodyDestination;
            return (side, StatusCodes.Status502BadGateway);
        }

        if (body?.ClientFailure is BadHttpRequestException bad) return (ForwarderError.RequestBodyClient, bad.StatusCode);
        if (body?.ClientFailure is not null) return (ForwarderError.RequestBodyClient, StatusCodes.Status400BadRequest);
        if (context.RequestAborted.IsCancellationRequested) return (ForwarderError.RequestCanceled, StatusCodes.Status502BadGateway);
        return failure switch
        {
            BackendException { Failure: BackendFailure.ConnectTimeout } =>
                (ForwarderError.RequestTimedOut, StatusCodes.Status504GatewayTimeout),
            InvalidOperationException => (ForwarderError.ResponseHeaders, StatusCodes.Status502BadGateway),
            _ when body?.BackendFailure is not null => (ForwarderError.RequestBodyDestination, StatusCodes.Status502BadGateway),
            _ => (ForwarderError.Request, StatusCodes.Status502BadGateway),
        };
    }
}
