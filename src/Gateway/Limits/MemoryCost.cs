namespace FathomGateway.Limits;

/// <summary>
/// What things cost that are not counted byte by byte, in bytes of managed memory. Rounded up from what was measured; buffers are counted
/// apart, where they are rented.
/// </summary>
internal static class MemoryCost
{
    /// <summary>A connection: its pipes, its parser, and the operations that wait on its socket.</summary>
    public const long Connection = 10 * 1024;

    /// <summary>
    /// What a connection may hold before its first request, beside the bytes of the head that have come: of HTTP/2, a few bytes may be a
    /// field of 4 kB.
    /// </summary>
    public const long FirstRequest = 8 * 1024;

    /// <summary>The decoder and the writer of HTTP/2 have buffers of their own.</summary>
    public const long Http2 = 32 * 1024;

    /// <summary>
    /// What an unfinished head holds may grow by as much without being charged: most heads are smaller, and are complete when they are read.
    /// </summary>
    public const long SmallHead = 8 * 1024;

    /// <summary>Bytes of a head that count: the server reads no further. What comes behind a request may also be the rest of its body.</summary>
    public const long LargestHead = 64 * 1024;

    /// <summary>A request under way: its context, the state of its forwarding, and its connection to the backend.</summary>
    public const long Request = 16 * 1024;

    /// <summary>A byte of a head is a character of a text.</summary>
    public const int HeadByte = sizeof(char);
}
