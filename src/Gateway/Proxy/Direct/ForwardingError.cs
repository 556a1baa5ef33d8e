using FathomGateway.Backend;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Proxy.Direct;

/// <summary>Answers a request whose forwarding has failed, or ends it where the response is under way, and says which error it was.</summary>
internal sealed class ForwardingError(ForwarderError error, Exception failure) : IForwarderErrorFeature
{
    /// <summary>Code of HTTP/2 for a stream that is ended by an error of whoever sends (RFC 9113, section 7).</summary>
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
            // Never a clean end: the client would take what it has for the whole.
            context.Abort();
        }

        return error;
    }

    private static (ForwarderError Error, int Status) Classify(HttpContext context, Exception failure, RequestBody? body)
    {
        if (context.Response.HasStarted)
        {
            return (context.RequestAborted.IsCancellationRequested ? ForwarderError.ResponseBodyClient : ForwarderError.ResponseBodyDestination, StatusCodes.Status502BadGateway);
        }

        if (body?.ClientFailure is BadHttpRequestException bad) return (ForwarderError.RequestBodyClient, bad.StatusCode);
        if (body?.ClientFailure is not null) return (ForwarderError.RequestBodyClient, StatusCodes.Status400BadRequest);
        if (context.RequestAborted.IsCancellationRequested) return (ForwarderError.RequestCanceled, StatusCodes.Status502BadGateway);
        return failure switch
        {
            BackendException { Failure: BackendFailure.ConnectTimeout } => (ForwarderError.RequestTimedOut, StatusCodes.Status504GatewayTimeout),
            InvalidOperationException => (ForwarderError.ResponseHeaders, StatusCodes.Status502BadGateway),
            _ when body?.BackendFailure is not null => (ForwarderError.RequestBodyDestination, StatusCodes.Status502BadGateway),
            _ => (ForwarderError.Request, StatusCodes.Status502BadGateway),
        };
    }
}
