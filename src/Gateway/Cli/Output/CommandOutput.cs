using Microsoft.Win32.SafeHandles;

namespace FathomGateway.Cli.Output;

/// <summary>
/// The standard output of commands. .NET ignores SIGPIPE, and its console stream hides that a pipe is closed: a command whose reader has
/// ended, such as <c>head -1</c>, would go on to its end for nobody.
/// </summary>
internal static class CommandOutput
{
    /// <summary>POSIX's number of standard output (unistd.h).</summary>
    private const int StandardOutput = 1;

    /// <summary>EPIPE of Linux and macOS. .NET has it as the result code of the exception.</summary>
    private const int BrokenPipe = 32;

    /// <summary>Makes a write to a closed pipe fail, for the rest of the process.</summary>
    public static void FailOnClosedPipe()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return;
        var stream = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // A file stream counts its own position in a file, and would write over what other processes write there. Pipes have none.
        if (stream.CanSeek) return;
        Console.SetOut(new StreamWriter(new PipeStream(stream), Console.OutputEncoding) { AutoFlush = true });
    }

    public static bool IsClosedPipe(Exception failure) => failure is IOException { HResult: BrokenPipe };
}
