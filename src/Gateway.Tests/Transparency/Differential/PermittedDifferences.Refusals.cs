using FathomGateway.Tests.Transparency.Cases;
using FathomGateway.Tests.Transparency.Http2;

namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>Requests that are not forwarded, and responses that are not passed on.</summary>
internal static partial class PermittedDifferences
{
    private static PermittedDifference[] Refusals =>
    [
        Refused(
            "target-outside-ascii",
            "400: the server takes no such bytes in HTTP/1.1.",
            400,
            one => Target(one).Any(c => c is < '!' or > '~')),
        Refused(
            "target-percent-00",
            "400: the server refuses a path with an encoded NUL.",
            400,
            one => Target(one).Split('?')[0].Contains("%00", StringComparison.Ordinal)),
        Refused("connect", "400: a gateway is no tunnel.", 400, one => one.Method == "CONNECT"),
        Refused("host-invalid", "400: the server refuses a request without exactly one valid Host (RFC 9112, section 3.2).", 400, one =>
            !one.Request.Contains($"Host: {Http2Request.Authority}\r\n", StringComparison.Ordinal)
                || one.Request.Split("Host:").Length > 2),
        Refused(
            "request-field-name",
            "400: the name is no token (RFC 9110, section 5.6.2), and two readers could take it for different fields.",
            400,
            one => FieldNames(one).Any(name => !RequestFieldCases.IsToken(name))),
        Withheld(
            "response-del",
            "502: the server writes no DEL in a field (RFC 9110, section 5.5, forbids it).",
            one => one.Answer.Contains('\u007f', StringComparison.Ordinal)),
    ];

    private static string Target(Case one) => one.Request.Split("\r\n")[0] is var line && line.LastIndexOf(' ') is var end
        ? line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..end]
        : "";

    private static IEnumerable<string> FieldNames(Case one) => one.OverHttp2 is { } request
        ? request.Fields.Concat(request.Trailers).Select(field => field.Key)
        : one.Request.Split("\r\n\r\n")[0].Split("\r\n").Skip(1).Select(line => line.Split(':')[0]);

    /// <summary>Answered by the gateway with an empty body, and nothing reaches the backend.</summary>
    private static PermittedDifference Refused(string id, string reason, int status, Func<Case, bool> concerns) => new(id, reason, seen =>
        concerns(seen.Case) && seen.Through.Request is null && IsMadeByGateway(seen.Through, status) && seen.Straight.Become(seen.Through));

    /// <summary>The backend got the request as it was, but the client gets 502.</summary>
    private static PermittedDifference Withheld(string id, string reason, Func<Case, bool> concerns) => new(id, reason, seen =>
    {
        if (!concerns(seen.Case) || !IsMadeByGateway(seen.Through, 502)) return false;
        seen.Straight.Response = seen.Through.Response;
        return true;
    });

    private static bool IsMadeByGateway(Seen seen, int status) =>
        seen.Response.Body.Length == 0 && (seen.Response.StartLine.Contains($" {status}", StringComparison.Ordinal)
            || seen.Response.StartLine.Contains("reset", StringComparison.Ordinal));
}
