namespace FathomGateway.Tests.Kit;

/// <summary>The threads of .NET's socket engine, which have this name on Unix.</summary>
internal static class SocketThread
{
    public static bool IsCurrent => Thread.CurrentThread.Name == ".NET Sockets";
}
