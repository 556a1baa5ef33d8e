using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Limits;

/// <summary>
/// The size of a request's fields in bytes. The server has counted them; where this runtime keeps the count elsewhere, they are added up at
/// a higher cost.
/// </summary>
internal static class RequestHeadSize
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel.Core";
    private const string Http1TypeName = Kestrel + ".Internal.Http.Http1Connection, " + Kestrel;
    private const string Http2TypeName = Kestrel + ".Internal.Http2.Http2Stream, " + Kestrel;

    /// <summary>The server includes the line that ends the head.</summary>
    private const int LastLine = 2;

    private static readonly Type? Http1Type = Type.GetType(Http1TypeName);
    private static readonly Type? Http2Type = Type.GetType(Http2TypeName);

    /// <param name="mostFields">The server's limit, from which it counts down.</param>
    public static long OfFields(HttpContext context, int mostFields) =>
        Counted(context.Features, mostFields) ?? AddedUp(context.Request.Headers);

    /// <returns>Null where the server's count is not accessible.</returns>
    internal static long? Counted(IFeatureCollection features, int mostFields)
    {
        try
        {
            if (Http1Type?.IsInstanceOfType(features) == true) return mostFields + LastLine - RemainingBytes(features);
            if (Http2Type?.IsInstanceOfType(features) == true) return ParsedBytes(features);
        }
        catch (Exception failure) when (failure is MissingMemberException or TypeLoadException)
        {
            // Another version of the server has other members.
        }

        return null;
    }

    internal static long AddedUp(IHeaderDictionary headers)
    {
        const int ColonBlankAndLineEnd = 4;
        long size = 0;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values) size += name.Length + (value?.Length ?? 0) + ColonBlankAndLineEnd;
        }

        return size;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_remainingRequestHeadersBytesAllowed")]
    private static extern ref long RemainingBytes([UnsafeAccessorType(Http1TypeName)] object connection);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_TotalParsedHeaderSize")]
    private static extern int ParsedBytes([UnsafeAccessorType(Http2TypeName)] object stream);
}
