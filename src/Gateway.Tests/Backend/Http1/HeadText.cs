using FathomGateway.Backend.Http1;

namespace FathomGateway.Tests.Backend;

/// <summary>A head in one line, to be compared and shown.</summary>
internal static class HeadText
{
    /// <returns>Status, reason, and the fields as <c>name=value</c>, with a bar between.</returns>
    public static string Of(ResponseHead head) =>
        string.Join('|', [$"{head.Status} {head.Reason}", .. head.Fields.Select(one => $"{one.Name}={one.Value}")]);
}
