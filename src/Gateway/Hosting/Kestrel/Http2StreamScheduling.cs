using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Hosting.Server;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// Starts an HTTP/2 request on the thread that parsed its head instead of through the thread pool's queue. In the queue all heads of sixty
/// connections would come before the first request: hundreds of megabytes before the first check for memory. Started inline, each request
/// is admitted or refused before the next head is parsed.
/// </summary>
/// <remarks>
/// Kestrel has this mode but no public switch for it (dotnet/aspnetcore, Http2Connection.StartStream). Code before a request's first wait
/// must not block: it forwards, and the gateway's own routes continue on the thread pool.
/// </remarks>
internal static class Http2StreamScheduling
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel.Core";
    private const string ServerType = Kestrel + ".KestrelServerImpl, " + Kestrel;
    private const string ContextType = Kestrel + ".Internal.ServiceContext, " + Kestrel;

    /// <returns>False where this runtime has the switch elsewhere. Everything then works the same, and only the heap's size limits the
    /// memory.</returns>
    public static bool TryRunInline(IServer server)
    {
        try
        {
            if (Type.GetType(ServerType)?.IsInstanceOfType(server) != true) return false;
            SetScheduler(Context(server), PipeScheduler.Inline);
            return true;
        }
        catch (Exception failure) when (failure is MissingMemberException or TypeLoadException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ServiceContext")]
    [return: UnsafeAccessorType(ContextType)]
    private static extern object Context([UnsafeAccessorType(ServerType)] object server);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Scheduler")]
    private static extern void SetScheduler([UnsafeAccessorType(ContextType)] object context, PipeScheduler scheduler);
}
