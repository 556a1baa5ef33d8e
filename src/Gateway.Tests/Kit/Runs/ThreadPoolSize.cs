using System.Runtime.CompilerServices;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// Gateways, providers, backends and browsers' drivers share the test process, and some of them block threads. The pool grows by one or two
/// a second from the number of cores on, so that limits of one second would be missed by a gateway that waits for a thread.
/// </summary>
internal static class ThreadPoolSize
{
    private const int Threads = 64;

    [ModuleInitializer]
    public static void Widen() => ThreadPool.SetMinThreads(Threads, Threads);
}
