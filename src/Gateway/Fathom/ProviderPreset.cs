namespace FathomGateway.Fathom;

/// <summary>The endpoints of a known provider; a setting can override each.</summary>
internal sealed record ProviderPreset(string Name, string AuthorizeUrl, string TokenUrl, string ApiUrl, string? Scope, bool UsesPkce)
{
    /// <summary>The endpoints on api.usefathom.com. The token endpoint is inferred from the authorization endpoint.</summary>
    public static readonly ProviderPreset UseFathom = new(
        "usefathom",
        "https://api.usefathom.com/v1/oauth/authorize",
        "https://api.usefathom.com/v1/oauth/token",
        "https://api.usefathom.com/v1",
        Scope: null,
        // A server that knows no PKCE must ignore its parameters (RFC 6749, section 3.1).
        UsesPkce: true);

    /// <summary>The meeting notetaker of fathom.video, by its documentation.</summary>
    public static readonly ProviderPreset FathomVideo = new(
        "fathom-video",
        "https://fathom.video/external/v1/oauth2/authorize",
        "https://fathom.video/external/v1/oauth2/token",
        "https://api.fathom.ai/external/v1",
        Scope: "public_api",
        UsesPkce: false);

    /// <summary>The first is the default.</summary>
    public static readonly IReadOnlyList<ProviderPreset> All = [UseFathom, FathomVideo];
}
