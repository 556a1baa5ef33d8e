using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

/// <summary>What can stand behind the status.</summary>
internal static class ReasonCases
{
    private static readonly int[] Statuses =
        [200, 201, 204, 206, 226, 299, 301, 304, 399, 400, 404, 418, 429, 451, 499, 500, 503, 520, 599, 600, 777, 999];

    private static readonly string[] Reasons =
        ["", "OK", "ok", "Not Quite", "a  b", " leading", "trailing ", "404", "HTTP/1.1 200 OK", "a: b", new('r', 4000)];

    public static IEnumerable<Case> All() =>
    [
        .. Enumerable.Range(0x20, 0xE0).Where(code => code != 0x7F).Select(code => Of(200, $"a{(char)code}b")),
        .. Statuses.SelectMany(status => Reasons.Select(reason => Of(status, reason))),
    ];

    private static Case Of(int status, string reason) => Case.Http11($"{status} {reason}") with
    {
        Answer = $"HTTP/1.1 {status} {reason}\r\n{Case.Date}{(status is 204 or 304 ? "\r\n" : "Content-Length: 2\r\n\r\nok")}",
    };
}
