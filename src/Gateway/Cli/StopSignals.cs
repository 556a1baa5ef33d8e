using System.Runtime.InteropServices;

namespace FathomGateway.Cli;

/// <summary>Turns the first SIGINT or SIGTERM into a cancellation. A second one ends the process.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private volatile bool _isAsking;

    public StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>Whether the command waits for an answer: nothing is under way, so a signal has nothing to wait for.</summary>
    public bool IsAsking
    {
        get => _isAsking;
        set => _isAsking = value;
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        if (_stop.IsCancellationRequested) return;
        context.Cancel = true;
        // Read before the cancellation, which ends the question.
        var isIdle = _isAsking;
        _stop.Cancel();
        if (!isIdle) Console.Error.WriteLine("Stopping after what is under way.");
    }
}
