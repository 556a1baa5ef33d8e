namespace FathomGateway.Fathom;

/// <summary>Whether a proof key accompanies the code (RFC 7636). <c>plain</c> is not offered: it protects nothing that the state does not.</summary>
internal enum PkceMethod
{
    /// <summary>No proof key.</summary>
    Off,

    /// <summary>SHA-256 of the verifier.</summary>
    S256,
}
