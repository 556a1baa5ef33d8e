using Microsoft.AspNetCore.Connections;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Internal.Relay;

/// <summary>Tells which side has caused a failure of YARP's forwarder.</summary>
internal static class RelayFailure
{
    /// <summary>Whether the caller has left.</summary>
    /// <param name="leftFirst">Whether the request was aborted before the forwarder has reported an error.</param>
    public static bool HasCallerLeft(HttpContext context, ForwarderError error, Exception? failure, bool leftFirst) => error switch
    {
        // The API has failed. YARP aborts the request itself once the response has started, so its token does not tell who has left.
        ForwarderError.Request or ForwarderError.RequestTimedOut
            or ForwarderError.RequestBodyDestination or ForwarderError.ResponseBodyDestination
            or ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseDestination
            or ForwarderError.UpgradeActivityTimeout => false,
        // The same after a response that has stalled.
        ForwarderError.ResponseBodyCanceled => leftFirst,
        // The server cancels the token only after the read has failed.
        ForwarderError.RequestBodyClient when IsDisconnection(failure) => true,
        _ => context.RequestAborted.IsCancellationRequested || context.Response.HasStarted,
    };

    /// <summary>YARP reports the failure of the body first, and what came of it second.</summary>
    private static bool IsDisconnection(Exception? failure) =>
        (failure is AggregateException all ? all.InnerExceptions[0] : failure) is ConnectionResetException or ConnectionAbortedException;
}
