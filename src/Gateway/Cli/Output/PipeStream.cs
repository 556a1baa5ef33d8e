namespace FathomGateway.Cli.Output;

/// <summary>
/// Writes to a pipe that may be non-blocking. A parent process, such as one on Node.js, can make it so for all who have it. While such a
/// pipe is full, a write fails.
/// </summary>
internal sealed class PipeStream(Stream pipe) : Stream
{
    /// <summary>
    /// The least PIPE_BUF that POSIX permits, which macOS has. A pipe takes so many bytes as a whole or not at all, so a piece that has
    /// failed can be written again.
    /// </summary>
    private const int MaxPiece = 512;

    /// <summary>EAGAIN of Linux and of macOS. .NET has it as the result code of the exception.</summary>
    private const int TryAgainLinux = 11, TryAgainMacOS = 35;

    /// <summary>Pause before a full pipe is tried again. A reader notices no delay, and the wait takes little of a core.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private static readonly int TryAgain = OperatingSystem.IsMacOS() ? TryAgainMacOS : TryAgainLinux;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var piece = buffer[..Math.Min(buffer.Length, MaxPiece)];
            try
            {
                pipe.Write(piece);
            }
            catch (IOException full) when (full.HResult == TryAgain)
            {
                Thread.Sleep(Pause);
                continue;
            }

            buffer = buffer[piece.Length..];
        }
    }

    public override void Flush() => pipe.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
