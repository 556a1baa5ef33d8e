namespace FathomGateway.Sandbox.Hosting;

/// <summary>Origins as browsers write them.</summary>
internal static class Origin
{
    /// <summary>Scheme, host and port without a slash at the end (RFC 6454 §6.2).</summary>
    public static string Of(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
