using FathomGateway.Proxy.Headers;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Proxy.Direct;

/// <summary>Applies the checks of <see cref="ForwardedRequest"/> to a request that YARP's forwarder sends.</summary>
internal static class RequestChecks
{
    /// <returns>False where the request cannot be forwarded; an error response is set.</returns>
    public static bool IsForwardable(HttpContext context)
    {
        if (!RequestFraming.IsForwardable(context)) return false;
        if (!FieldSyntax.AreFields(context.Request.Headers))
        {
            RefuseField(context);
            return false;
        }

        // YARP would forward the upgrade: see UpgradeRequest.
        if (context.Request.Protocol == HttpProtocol.Http10) context.Request.Headers.Remove(HeaderNames.Upgrade);
        return true;
    }

    /// <summary>Answers a request that has a field which HTTP/1.1 cannot carry.</summary>
    public static void RefuseField(HttpContext context) =>
        ProxyErrorResponse.Refuse(context, StatusCodes.Status400BadRequest, "field");
}
