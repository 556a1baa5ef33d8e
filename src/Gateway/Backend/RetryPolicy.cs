using System.Text;

namespace FathomGateway.Backend;

/// <summary>Which requests can be sent again after a reused connection ended before the first byte of the response.</summary>
internal static class RetryPolicy
{
    /// <summary>Characters of the longest method that can be sent again.</summary>
    private const int MaxLength = 7;

    /// <summary>
    /// Whether the request can be sent again: its method permits it, it has no body, and a reused connection ended before the first byte of
    /// the response. The server had most likely closed the connection before the request arrived.
    /// </summary>
    public static bool CanRetry(BackendConnection connection, string method, bool hasBody) =>
        connection is { IsReused: true, HasAnswered: false } && !hasBody && IsRetryable(method);

    /// <summary>
    /// Whether a request with this method can be sent again: the safe methods of RFC 9110, section 9.2.1, without TRACE. The server may
    /// have executed the request, and any other method could then take effect twice. This includes PUT and DELETE, which are idempotent
    /// (section 9.2.2): a second execution could undo what another client has changed after the first.
    /// </summary>
    public static bool IsRetryable(ReadOnlySpan<char> method) => method is "GET" or "HEAD" or "OPTIONS";

    /// <inheritdoc cref="IsRetryable(ReadOnlySpan{char})"/>
    /// <param name="request">The first bytes of the request: its method and a space (RFC 9112, section 3).</param>
    public static bool IsRetryable(ReadOnlySpan<byte> request)
    {
        var end = request[..Math.Min(request.Length, MaxLength + 1)].IndexOf((byte)' ');
        Span<char> method = stackalloc char[MaxLength];
        return end >= 0 && IsRetryable(method[..Encoding.ASCII.GetChars(request[..end], method)]);
    }
}
