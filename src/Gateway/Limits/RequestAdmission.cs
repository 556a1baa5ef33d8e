using FathomGateway.Limits.Connections;
using FathomGateway.Settings.Responses;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Limits;

/// <summary>
/// Admits or refuses requests of the public listener by size and memory. Over HTTP/1.1 it allocates nothing and needs no continuation.
/// </summary>
internal static class RequestAdmission
{
    /// <summary>Bytes of fields. More than Node, which takes 16 kB of request line and fields together.</summary>
    public const int MaxFieldBytes = 32 * 1024;

    /// <summary>
    /// The server's own limit, at which it stops reading a head. Over HTTP/2 a head of up to twice this size gives a 431 on its stream, and
    /// a larger one ends the connection. Not higher, because clients that never end a head fill the memory faster than it is counted.
    /// </summary>
    public const int MaxServerFieldBytes = MaxFieldBytes + 1024;

    /// <summary>REFUSED_STREAM (RFC 9113, section 7): the request was not processed, so the client may retry it.</summary>
    private const int RefusedStream = 7;

    /// <summary>The target is kept as received, and again as decoded path and query.</summary>
    private const int CopiesOfTarget = 2;

    public static IApplicationBuilder UseRequestAdmission(this IApplicationBuilder app) => app.Use(next => context =>
    {
        if (ClientConnection.Of(context) is not { } connection) return next(context);
        var isHttp2 = HttpProtocol.IsHttp2(context.Request.Protocol);
        if (!isHttp2) connection.FinishFirstRequest();
        var fields = RequestHeadSize.OfFields(context);
        if (fields > MaxFieldBytes) return RefuseAsync(context, StatusCodes.Status431RequestHeaderFieldsTooLarge, isHttp2);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Length;
        var memory = MemoryCost.Request + ((fields + (target * CopiesOfTarget)) * MemoryCost.HeadByte)
            + (context.Request.Headers.Count * MemoryCost.Field);
        if (!isHttp2) connection.HeadBytes = fields;
        if (!connection.TryBeginRequest(memory)) return RefuseOverloadAsync(context, isHttp2);
        RequestCompletion.Register(context, connection, memory, fields, isHttp2);
        return next(context);
    });

    private static Task RefuseOverloadAsync(HttpContext context, bool isHttp2)
    {
        context.Response.Headers[ErrorField.Name] = "overloaded";
        if (!isHttp2 || context.Features.Get<IHttpResetFeature>() is not { } stream)
        {
            return RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, isHttp2);
        }

        RequestCompletion.Forget(context.Request.Headers);
        stream.Reset(RefusedStream);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Over HTTP/1.1 the response ends the connection. Otherwise the server would wait up to five seconds for the body and keep the head,
    /// for each of thousands of requests that are refused because memory is short.
    /// </summary>
    private static async Task RefuseAsync(HttpContext context, int status, bool isHttp2)
    {
        RequestCompletion.Forget(context.Request.Headers);
        (context.Response.StatusCode, context.Response.ContentLength) = (status, 0);
        if (isHttp2) return;
        context.Response.Headers.Connection = "close";
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true) return;
        await context.Response.CompleteAsync();
        context.Abort();
    }
}
