namespace FathomGateway.Fathom;

/// <summary>The OAuth client and the provider's endpoints.</summary>
internal sealed record FathomOptions
{
    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    /// <summary>The exact string that is registered at the provider; sent to the letter in both requests (RFC 6749, section 4.1.3).</summary>
    public required string RedirectUri { get; init; }

    public required Uri AuthorizeUrl { get; init; }

    public required Uri TokenUrl { get; init; }

    /// <summary>Where tokens are revoked (RFC 7009); null where the provider offers none.</summary>
    public Uri? RevokeUrl { get; init; }

    /// <summary>Base address of the provider's API.</summary>
    public required Uri ApiUrl { get; init; }

    /// <summary>Space-separated (RFC 6749, section 3.3), or null to ask for none.</summary>
    public string? Scope { get; init; }

    public required PkceMethod Pkce { get; init; }

    public required ClientAuthentication ClientAuthentication { get; init; }
}
