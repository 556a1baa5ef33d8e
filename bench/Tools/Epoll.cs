using System.ComponentModel;
using System.Runtime.InteropServices;

namespace FathomGateway.Bench;

/// <summary>
/// Waits for many sockets and for a moment in time at once, on one thread. .NET's own waits involve other threads and have a
/// resolution of milliseconds; here a request is due every hundred microseconds.
/// </summary>
internal sealed partial class Epoll : IDisposable
{
    /// <summary>Of EPOLL_CTL_ADD, EPOLLIN and PR_SET_TIMERSLACK, from the kernel's headers.</summary>
    private const int Add = 1, Readable = 1, SetTimerSlack = 29;

    private readonly int _descriptor;
    private readonly Event[] _events;

    public Epoll(int most)
    {
        _descriptor = Checked(Create(0));
        _events = new Event[most];

        // The kernel wakes a thread up to 50 µs late, so as to wake several at once. That is half of the time between two requests.
        _ = ControlProcess(SetTimerSlack, 1, 0, 0, 0);
    }

    public void Watch(nint socket, int tag)
    {
        var interest = new Event { What = Readable, Tag = tag };
        Checked(Control(_descriptor, Add, (int)socket, ref interest));
    }

    /// <returns>How many sockets can be read; <see cref="Tag"/> says which.</returns>
    public int Wait(long nanoseconds)
    {
        var limit = new Timespec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        return Math.Max(0, Wait(_descriptor, ref _events[0], _events.Length, ref limit, 0));
    }

    public int Tag(int index) => _events[index].Tag;

    public void Dispose() => _ = Close(_descriptor);

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception();

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int socket, ref Event interest);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2")]
    private static partial int Wait(int epoll, ref Event first, int most, ref Timespec limit, nint signals);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ControlProcess(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    /// <summary>Without gaps, as the kernel has it on x64.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Event
    {
        public uint What;
        public int Tag;
        public int Unused;
    }

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
