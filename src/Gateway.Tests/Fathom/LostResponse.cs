using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

/// <summary>The ways in which a response of the token endpoint gets lost after the request has arrived.</summary>
public static class LostResponse
{
    public static TheoryData<string> Ways =>
        ["reset before the head", "reset after the head", "closed without a word", "truncated", "bad chunking", "no HTTP"];

    /// <param name="tokens">The body that a truncated response begins with.</param>
    internal static Func<RawExchange, Task> Script(string way, string tokens) => way switch
    {
        "reset before the head" => RawResponse.ResetBeforeHeaders,
        "reset after the head" => RawResponse.ResetAfterHeaders,
        "closed without a word" => RawResponse.CloseBeforeHeaders,
        "truncated" => RawResponse.Truncated(tokens),
        "bad chunking" => RawResponse.BadChunking,
        "no HTTP" => RawResponse.Verbatim("SSH-2.0-OpenSSH_9.9\r\n\r\n"),
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, null),
    };
}
