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
    /// What a connection may hold before its first request is complete: the server keeps the lines of an unfinished head as text. Most
    /// never hold it, and none does for long: so half of the largest head, and <see cref="HeapPressure"/> for a crowd that makes use of
    /// all. Kept for HTTP/2, whose decoder and writer have buffers of their own.
    /// </summary>
    public const long FirstRequest = 32 * 1024;

    /// <summary>A request under way: its context, the state of its forwarding, and its connection to the backend.</summary>
    public const long Request = 16 * 1024;

    /// <summary>A byte of a head is a character of a text.</summary>
    public const int HeadByte = sizeof(char);

    /// <summary>The largest head that the server reads, see <see cref="RequestAdmission.MostFieldBytes"/>.</summary>
    public const long LargestHead = 2 * RequestAdmission.MostFieldBytes * HeadByte;
}
