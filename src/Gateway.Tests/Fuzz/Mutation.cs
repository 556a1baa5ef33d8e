namespace FathomGateway.Tests.Fuzz;

/// <summary>One change to an input. Positions are taken modulo its length, so that every mutation fits every input.</summary>
internal sealed record Mutation(int Kind, int At, int Length, byte[] Bytes)
{
    /// <summary>How many kinds there are.</summary>
    public const int Kinds = 7;

    private const int MaxRunLength = 64;

    /// <summary>Few inputs are that long, and none needs to be longer: the server's own limits are below.</summary>
    private const int MaxInputLength = 40_000;

    public byte[] Apply(byte[] input)
    {
        var at = input.Length == 0 ? 0 : At % input.Length;
        var run = Math.Min(Length % MaxRunLength, input.Length - at);
        return Kind switch
        {
            0 => [.. input[..at], .. Flipped(input, at), .. input[Math.Min(at + 1, input.Length)..]],
            1 => [.. input[..at], .. Bytes, .. input[at..]],
            2 => [.. input[..at], .. Bytes, .. input[(at + run)..]],
            3 => [.. input[..at], .. input[(at + run)..]],
            4 => [.. input[..(at + run)], .. input[at..]],
            5 => input[..at],
            // Many times the same: what is fine once is not always fine a thousand times.
            _ => [.. input[..at], .. Enumerable.Repeat(Bytes, Math.Min(1 + Length, MaxInputLength / (Bytes.Length + 1)))
                .SelectMany(one => one), .. input[at..]],
        };
    }

    private byte[] Flipped(byte[] input, int at) => at < input.Length ? [(byte)(input[at] ^ (1 << (Length % 8)))] : [];
}
