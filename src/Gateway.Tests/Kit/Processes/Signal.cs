using System.Runtime.InteropServices;

namespace FathomGateway.Tests.Kit;

/// <summary>The POSIX signals that the fault tests send; .NET itself can only send SIGKILL.</summary>
internal enum Signal
{
    /// <summary>SIGKILL: ends the process at once.</summary>
    Kill = 9,

    /// <summary>SIGTERM: asks the process to stop, as a deployment does.</summary>
    Terminate = 15,
}

/// <summary>Sends signals by process id.</summary>
internal static class Signals
{
    // SIGSTOP and SIGCONT are the two numbers in which Linux and macOS differ.
    private static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    /// <summary>Sends a signal; a process that is already gone is no fault.</summary>
    public static void Send(int processId, Signal signal) => _ = SendSignal(processId, (int)signal);

    /// <summary>Freezes a process: its sockets stay open, the kernel keeps accepting bytes for it, and it does not answer.</summary>
    public static void Suspend(int processId)
    {
        _ = SendSignal(processId, Stop);

        // The signal reaches the threads one after the other: one that still ran could answer a last request.
        if (!SpinWait.SpinUntil(() => ProcessTree.IsStopped(processId), StopLimit))
        {
            throw new TimeoutException($"Process {processId} did not stop.");
        }
    }

    public static void Resume(int processId) => _ = SendSignal(processId, Continue);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
