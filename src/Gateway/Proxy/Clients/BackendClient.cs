using FathomGateway.Backend;
using FathomGateway.Proxy.Direct;

namespace FathomGateway.Proxy.Clients;

/// <summary>
/// The client of a cluster. Holds pools of HTTP/1.1 connections for <see cref="DirectForwarder"/> and a message handler for YARP's
/// forwarder.
/// </summary>
internal sealed class BackendClient(HttpMessageHandler handler, BackendPools pools) : HttpMessageInvoker(handler)
{
    /// <param name="address">Address of a destination, as it is configured.</param>
    public BackendPool Pool(string address) => pools.Of(address);

    protected override void Dispose(bool disposing)
    {
        if (disposing) pools.Dispose();
        base.Dispose(disposing);
    }
}
