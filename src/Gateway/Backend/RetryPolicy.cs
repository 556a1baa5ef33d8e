namespace FathomGateway.Backend;

/// <summary>Which requests can be sent again after a reused connection ended before the first byte of the response.</summary>
internal static class RetryPolicy
{
    /// <summary>
    /// Whether a request with this method can be sent again: the safe methods of RFC 9110, section 9.2.1, without TRACE. The server may
    /// have executed the request, and any other method could then take effect twice. This includes PUT and DELETE, which are idempotent
    /// (section 9.2.2): a second execution could undo what another client has changed after the first.
    /// </summary>
    public static bool IsRetryable(string method) => method is "GET" or "HEAD" or "OPTIONS";
}
