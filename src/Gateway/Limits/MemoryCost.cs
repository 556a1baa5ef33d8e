namespace FathomGateway.Limits;

/// <summary>
/// Estimated costs in bytes of managed memory, rounded up from measurements. Buffers are counted separately, where they are rented.
/// </summary>
internal static class MemoryCost
{
    /// <summary>A connection: its pipes, its parser, and pending socket operations.</summary>
    public const long Connection = 10 * 1024;

    /// <summary>
    /// A connection before its first request is complete: the server keeps the lines of an unfinished head as text. Most connections never
    /// hold it, and none for long, so this is half of the largest head. <see cref="HeapPressure"/> charges what arrives beyond it.
    /// Kept for HTTP/2, whose decoder and writer have buffers of their own.
    /// </summary>
    public const long FirstRequest = 32 * 1024;

    /// <summary>A request in progress: its context, the state of its forwarding, and its backend connection.</summary>
    public const long Request = 16 * 1024;

    /// <summary>A byte of a head becomes a character of a string.</summary>
    public const int HeadByte = sizeof(char);

    /// <summary>A field beside its bytes: its entry, and the objects of its name and value.</summary>
    public const long Field = 112;

    /// <summary>The largest head that the server reads, as strings.</summary>
    public const long MaxHead = RequestAdmission.MaxServerFieldBytes * HeadByte;
}
