using System.Collections.Concurrent;
using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// One direction of a <see cref="FaultProxy"/>: what is done to the bytes of all its connections, and what has been seen of them.
/// </summary>
internal sealed class FaultDirection
{
    private readonly ConcurrentQueue<FaultTranscript> _transcripts = [];
    private volatile TaskCompletionSource _open = Opened();
    private long _bytesUntilCut = long.MaxValue;
    private string? _cutBefore;
    private int _pieces;

    /// <summary>
    /// How many pieces have come in, all connections counted together: one for each message of a client that waits for its answer.
    /// </summary>
    public int Pieces => Volatile.Read(ref _pieces);

    /// <summary>How long each piece is kept back before it goes on.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>The pause between two drops, in which everything goes then; zero for whole pieces.</summary>
    public TimeSpan Drip { get; set; }

    /// <summary>The bytes of a drop.</summary>
    public int DripSize { get; set; } = 1;

    /// <summary>Keeps everything back, the bytes that have been seen and not passed on yet among it.</summary>
    public void Hold()
    {
        if (_open.Task.IsCompleted) _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Release() => _open.TrySetResult();

    /// <summary>Resets the connection on which this many more bytes have passed, all connections counted together; happens once.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref _bytesUntilCut, bytes);

    /// <summary>Resets the connection on which this text shows up next, before it is passed on; happens once.</summary>
    public void CutBefore(string text) => Volatile.Write(ref _cutBefore, text);

    /// <summary>Whether the text before which to cut has not shown up yet.</summary>
    public bool WillCut => Volatile.Read(ref _cutBefore) is not null;

    /// <summary>
    /// How often the text has come in, whether passed on or kept back; looked for in the first megabyte of each connection.
    /// </summary>
    public int Seen(string text) => _transcripts.Sum(one => one.Count(text));

    public Task SeesAsync(string text, int times = 1) =>
        Eventually.BecomesTrueAsync(() => Seen(text) >= times, TimeSpan.FromSeconds(30), $"'{text}' has passed {times} times");

    public FaultTranscript NewTranscript()
    {
        var transcript = new FaultTranscript();
        _transcripts.Enqueue(transcript);
        return transcript;
    }

    /// <summary>Lets a piece pass in the way that was asked for.</summary>
    /// <returns>False where the connection is to be reset now.</returns>
    public async Task<bool> PassAsync(ReadOnlyMemory<byte> piece, Func<ReadOnlyMemory<byte>, Task> send, CancellationToken ends)
    {
        Interlocked.Increment(ref _pieces);
        if (Latency > TimeSpan.Zero) await Task.Delay(Latency, ends);
        await _open.Task.WaitAsync(ends);
        if (Volatile.Read(ref _cutBefore) is { } text && Encoding.Latin1.GetString(piece.Span).Contains(text, StringComparison.Ordinal)
            && Interlocked.CompareExchange(ref _cutBefore, null, text) == text) return false;

        var left = Volatile.Read(ref _bytesUntilCut) == long.MaxValue ? long.MaxValue : Interlocked.Add(ref _bytesUntilCut, -piece.Length);
        if (left <= 0)
        {
            Interlocked.Exchange(ref _bytesUntilCut, long.MaxValue);
            await send(piece[..(int)Math.Max(0, piece.Length + left)]);
            return false;
        }

        if (Drip == TimeSpan.Zero)
        {
            await send(piece);
            return true;
        }

        for (var rest = piece; !rest.IsEmpty; rest = rest[Math.Min(DripSize, rest.Length)..])
        {
            await send(rest[..Math.Min(DripSize, rest.Length)]);
            await Task.Delay(Drip, ends);
        }

        return true;
    }

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.SetResult();
        return source;
    }
}
