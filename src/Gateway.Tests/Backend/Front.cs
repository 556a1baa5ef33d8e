namespace FathomGateway.Tests.Backend;

/// <summary>How a client speaks to the gateway.</summary>
public enum Front
{
    Http11,
    Http2,
}
