namespace FathomGateway.Fathom;

/// <summary>The OAuth client and the provider's endpoints.</summary>
internal sealed record FathomOptions
{
    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    /// <summary>
    /// The exact string that is registered at the provider. Authorization request and token request carry it unchanged (RFC 6749, section
    /// 4.1.3).
    /// </summary>
    public required string RedirectUri { get; init; }

    public required Uri AuthorizeUrl { get; init; }

    public required Uri TokenUrl { get; init; }

    /// <summary>The revocation endpoint (RFC 7009); null where the provider has none.</summary>
    public Uri? RevokeUrl { get; init; }

    /// <summary>Base address of the provider's API.</summary>
    public required Uri ApiUrl { get; init; }

    /// <summary>Scopes separated by spaces (RFC 6749, section 3.3); null asks for none.</summary>
    public string? Scope { get; init; }

    /// <summary>
    /// Whether a proof key with method S256 accompanies the code (RFC 7636). Method <c>plain</c> is not offered: it protects nothing that
    /// the state does not.
    /// </summary>
    public required bool UsesPkce { get; init; }

    public required ClientAuthentication ClientAuthentication { get; init; }

    /// <returns>A new <c>code_verifier</c>; null where the provider takes no PKCE.</returns>
    public string? CreateCodeVerifier() => UsesPkce ? Pkce.CreateVerifier() : null;
}

/// <summary>How the client authenticates at the token endpoint (RFC 6749, section 2.3.1).</summary>
internal enum ClientAuthentication
{
    /// <summary><c>client_id</c> and <c>client_secret</c> in the form body.</summary>
    Post,

    /// <summary>HTTP Basic.</summary>
    Basic,
}
