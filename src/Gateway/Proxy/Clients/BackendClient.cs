using FathomGateway.Backend;

namespace FathomGateway.Proxy.Clients;

/// <summary>The client of a cluster: connections of HTTP/1.1 by destination for the direct way, and a handler for the messages of YARP's forwarder.</summary>
internal sealed class BackendClient(HttpMessageHandler handler, BackendPools pools) : HttpMessageInvoker(handler)
{
    /// <param name="address">Address of a destination, as the configuration has it.</param>
    public BackendPool Pool(string address) => pools.Of(address);

    protected override void Dispose(bool disposing)
    {
        if (disposing) pools.Dispose();
        base.Dispose(disposing);
    }
}
