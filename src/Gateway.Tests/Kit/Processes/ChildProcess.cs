using System.Collections.Concurrent;
using System.Diagnostics;

namespace FathomGateway.Tests.Kit;

/// <summary>A process that a test started: its captured output, the signals it can be sent, and its certain end.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<ChildProcess, byte> Running = [];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _errors = [];

    // A run that is interrupted must not leave servers behind.
    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var child in Running.Keys)
        {
            child.Kill();
        }
    };

    private ChildProcess(ProcessStartInfo start, Action<string>? written)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data, written);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data, written);
    }

    public int Id => _process.Id;

    public bool HasExited => !Running.ContainsKey(this) || _process.HasExited;

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    public static ChildProcess Start(ProcessStartInfo start, Action<string>? written = null)
    {
        var child = new ChildProcess(start, written);
        child._process.Start();
        Running[child] = 0;
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        child._process.StandardInput.Close();
        return child;
    }

    /// <summary>Runs a program to its end; a program that fails throws with what it said.</summary>
    public static async Task<string> RunAsync(string fileName, params IEnumerable<string> arguments)
    {
        await using var child = Start(new ProcessStartInfo(fileName, arguments));
        var exitCode = await child.ExitCodeAsync(TimeSpan.FromSeconds(60));
        return exitCode == 0
            ? child.Output
            : throw new InvalidOperationException($"{Path.GetFileName(fileName)} ended with {exitCode}:\n{child.Output}\n{child.Errors}");
    }

    /// <summary>Waits for the end, and for the last line of output.</summary>
    public async Task<int> ExitCodeAsync(TimeSpan within)
    {
        await _process.WaitForExitAsync().WaitAsync(within);
        return _process.ExitCode;
    }

    public void Send(Signal signal) => IfAlive(id => Signals.Send(id, signal));

    public void Suspend() => IfAlive(Signals.Suspend);

    public void Resume() => IfAlive(Signals.Resume);

    /// <summary>SIGKILL, which also ends a suspended process.</summary>
    public void Kill() => Send(Signal.Kill);

    public async ValueTask DisposeAsync()
    {
        if (!Running.TryRemove(this, out _)) return;
        Kill();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        _process.Dispose();
    }

    // The id of a process that has been waited for may already belong to another one.
    private void IfAlive(Action<int> send)
    {
        if (!_process.HasExited)
        {
            send(_process.Id);
        }
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line, Action<string>? written)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
            written?.Invoke(line);
        }
    }
}
