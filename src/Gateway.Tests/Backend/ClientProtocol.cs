namespace FathomGateway.Tests.Backend;

/// <summary>The protocol that a client speaks to the gateway.</summary>
public enum ClientProtocol
{
    Http11,
    Http2,
}
