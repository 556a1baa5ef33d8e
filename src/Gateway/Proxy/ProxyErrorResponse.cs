using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Proxy;

/// <summary>Marks the few answers on proxied routes that the gateway makes itself, so that nobody takes them for the backend's. Their bodies are empty.</summary>
internal static partial class ProxyErrorResponse
{
    /// <summary>The field that tells them apart; its value is a word for what went wrong.</summary>
    public const string FieldName = "X-Gateway-Error";

    public static void Refuse(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.Headers[FieldName] = reason;
    }

    /// <summary>Marks the answer where forwarding failed, and notes the failure down without the request's query.</summary>
    public static void MarkFailure(HttpContext context, ILogger log)
    {
        if (context.GetForwarderErrorFeature() is not { } failure) return;
        if (!context.Response.HasStarted) context.Response.Headers[FieldName] = failure.Error.ToString();
        // A client that goes away is no failure of anyone's.
        if (!context.RequestAborted.IsCancellationRequested) NotForwarded(log, failure.Error, Reason(failure.Exception));
    }

    /// <summary>What can be told without an address: whether the name, the connection or TLS failed, or what kind of failure it was.</summary>
    private static string Reason(Exception? failure) => failure switch
    {
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } => $"{error}",
        null => "no exception",
        _ => failure.GetType().Name,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request could not be forwarded to the backend: {Error} ({Reason}).")]
    private static partial void NotForwarded(ILogger log, ForwarderError error, string reason);
}
