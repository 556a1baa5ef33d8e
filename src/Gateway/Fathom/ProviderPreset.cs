namespace FathomGateway.Fathom;

/// <summary>The endpoints of a provider that is known by name; each can be overridden by a setting.</summary>
internal sealed record ProviderPreset(string Name, string AuthorizeUrl, string TokenUrl, string ApiUrl, string? Scope, PkceMethod Pkce)
{
    /// <summary>The endpoints on api.usefathom.com. The token endpoint is inferred from the authorization endpoint.</summary>
    public static readonly ProviderPreset UseFathom = new(
        "usefathom",
        "https://api.usefathom.com/v1/oauth/authorize",
        "https://api.usefathom.com/v1/oauth/token",
        "https://api.usefathom.com/v1",
        Scope: null,
        // A server that knows no PKCE must ignore its parameters (RFC 6749, section 3.1).
        PkceMethod.S256);

    /// <summary>The meeting notetaker of fathom.video, by its documentation.</summary>
    public static readonly ProviderPreset FathomVideo = new(
        "fathom-video",
        "https://fathom.video/external/v1/oauth2/authorize",
        "https://fathom.video/external/v1/oauth2/token",
        "https://api.fathom.ai/external/v1",
        Scope: "public_api",
        PkceMethod.Off);

    /// <summary>The first is the default.</summary>
    public static readonly IReadOnlyList<ProviderPreset> All = [UseFathom, FathomVideo];
}
