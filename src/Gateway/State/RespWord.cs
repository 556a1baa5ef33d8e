using System.Text;

namespace FathomGateway.State;

/// <summary>One question to Redis on the wire, and the beginning of its answer.</summary>
internal static class RespWord
{
    /// <summary>All that is looked at.</summary>
    private const int LongestAnswer = 512;

    /// <returns>What came first, <c>+</c>, <c>-</c> or <c>*</c> and what follows; nothing where the connection was closed.</returns>
    public static async Task<string> AskAsync(Stream stream, CancellationToken limit, params string[] words)
    {
        var question = $"*{words.Length}\r\n{string.Concat(words.Select(word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n"))}";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(question), limit);
        var answer = new byte[LongestAnswer];
        var length = await stream.ReadAsync(answer, limit);
        return Encoding.Latin1.GetString(answer, 0, length);
    }
}
