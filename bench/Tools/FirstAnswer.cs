using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FathomGateway.Bench;

/// <summary>
/// Starts a program and prints how many milliseconds pass until the first answer comes through it, and how many of CPU time it has taken
/// by then; then ends it.
/// </summary>
internal static class FirstAnswer
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(1);

    public static async Task<int> RunAsync(int port, string[] command)
    {
        // What this process itself has to compile is compiled before the clock runs.
        await TryAsync(port);

        var clock = Stopwatch.StartNew();
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var answered = false;
        while (clock.Elapsed < Timeout && !process.HasExited && !(answered = await TryAsync(port))) await Task.Delay(BetweenTries);
        var elapsed = clock.Elapsed.TotalMilliseconds;
        var cpu = CpuTime.OfTree(process.Id);

        if (!process.HasExited) await EndAsync(process);
        if (answered) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{elapsed:0.0} {cpu.TotalMilliseconds:0.0}"));
        return answered ? 0 : 1;
    }

    private static async Task<bool> TryAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync("GET /1k HTTP/1.1\r\nHost: bench\r\n\r\n"u8.ToArray());
            var answer = new byte[4096];
            return await socket.ReceiveAsync(answer) > 12 && answer.AsSpan().StartsWith("HTTP/1.1 200"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>As a service manager does it: SIGTERM, so that a master takes its workers along.</summary>
    private static async Task EndAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString((IFormatProvider?)null)]);
        await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
