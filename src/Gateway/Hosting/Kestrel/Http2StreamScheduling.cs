using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Hosting.Server;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// Starts a request of HTTP/2 where its head was read, and not by way of the thread pool's queue. In that queue, all the heads that sixty
/// connections send come before the first request: hundreds of megabytes of text before anybody is asked whether there is room for them.
/// Started at once, each is let in or refused before the next head is read.
/// </summary>
/// <remarks>
/// The server has this mode, and no public switch for it (dotnet/aspnetcore, Http2Connection.StartStream). Nothing that a request does
/// before its first wait may block: it forwards, and the gateway's own routes go on on the thread pool.
/// </remarks>
internal static class Http2StreamScheduling
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel.Core";
    private const string ServerType = Kestrel + ".KestrelServerImpl, " + Kestrel;
    private const string ContextType = Kestrel + ".Internal.ServiceContext, " + Kestrel;

    /// <returns>False where this runtime has the switch elsewhere: then everything works the same, and the heap alone is watched.</returns>
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
