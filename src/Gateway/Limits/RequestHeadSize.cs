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

    /// <summary>The server counts down from here: from its limit and the two bytes of the line that ends the head.</summary>
    private const int CountStart = RequestAdmission.MaxServerFieldBytes + 2;

    private static readonly Type? Http1Type = Type.GetType(Http1TypeName);
    private static readonly Type? Http2Type = Type.GetType(Http2TypeName);

    public static long OfFields(HttpContext context) => Counted(context.Features) ?? AddedUp(context.Request.Headers);

    /// <returns>Null where the server's count is not accessible.</returns>
    internal static long? Counted(IFeatureCollection features)
    {
        try
        {
            if (Http1Type?.IsInstanceOfType(features) == true) return CountStart - RemainingBytes(features);
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
