namespace FathomGateway.Settings;

/// <summary>Names of settings that several folders read, where these folders must not use each other.</summary>
internal static class SharedSettings
{
    /// <summary>The redirect URI of the OAuth client. The proxy compares its host with that of the backend.</summary>
    public const string RedirectUriName = "FATHOM_REDIRECT_URI";
}
