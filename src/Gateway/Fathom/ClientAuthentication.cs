namespace FathomGateway.Fathom;

/// <summary>How the client proves itself at the token endpoint (RFC 6749, section 2.3.1).</summary>
internal enum ClientAuthentication
{
    /// <summary><c>client_id</c> and <c>client_secret</c> in the form body.</summary>
    Post,

    /// <summary>HTTP Basic.</summary>
    Basic,
}
