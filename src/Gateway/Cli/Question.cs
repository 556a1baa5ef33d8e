using Microsoft.Win32.SafeHandles;

namespace FathomGateway.Cli;

/// <summary>
/// A question to whoever types the command. It goes to standard error, which is the terminal also where standard output is a file.
/// </summary>
internal static class Question
{
    /// <summary>POSIX's number of standard input (unistd.h).</summary>
    private const int StandardInput = 0;

    /// <returns>Whether the answer is <c>y</c> or <c>yes</c>. The end of the input is a no, and so is a signal.</returns>
    public static async Task<bool> IsConfirmedAsync(string question, StopSignals signals)
    {
        signals.IsAsking = true;
        try
        {
            Console.Error.Write($"{question} [y/N] ");
            // A signal does not end the read. The process ends without it.
            var answer = await Task.Run(ReadLine).WaitAsync(signals.Token);
            return answer?.Trim() is "y" or "Y" or "yes";
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine();
            return false;
        }
        finally
        {
            signals.IsAsking = false;
        }
    }

    /// <summary>
    /// Reads from the terminal as it is. The console's reader turns the terminal's echo off and echoes to standard output, which may be a
    /// file.
    /// </summary>
    private static string? ReadLine()
    {
        if (OperatingSystem.IsWindows()) return Console.In.ReadLine();
        using var handle = new SafeFileHandle(StandardInput, ownsHandle: false);
        using var reader = new StreamReader(new FileStream(handle, FileAccess.Read, bufferSize: 0), Console.InputEncoding);
        return reader.ReadLine();
    }
}
