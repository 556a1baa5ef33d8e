using FathomGateway.Settings.Responses;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Proxy;

/// <summary>
/// Marks responses on proxied routes that the gateway itself made, by <see cref="ErrorField"/>. Their bodies are empty.
/// </summary>
internal static partial class ProxyErrorResponse
{
    public static void Refuse(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.Headers[ErrorField.Name] = reason;
    }

    /// <summary>Marks the response to a request that could not be forwarded, and logs the error without the request's query.</summary>
    public static void MarkFailure(HttpContext context, ILogger log)
    {
        if (context.GetForwarderErrorFeature() is not { } failure) return;
        if (!context.Response.HasStarted) context.Response.Headers[ErrorField.Name] = failure.Error.ToString();
        // A client that disconnects is no failure.
        if (!context.RequestAborted.IsCancellationRequested) NotForwarded(log, failure.Error, Reason(failure.Exception));
    }

    /// <summary>The kind of the failure (name, connection, TLS or other), without any address.</summary>
    private static string Reason(Exception? failure) => failure switch
    {
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } => $"{error}",
        null => "no exception",
        _ => failure.GetType().Name,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request could not be forwarded to the backend: {Error} ({Reason}).")]
    private static partial void NotForwarded(ILogger log, ForwarderError error, string reason);
}
