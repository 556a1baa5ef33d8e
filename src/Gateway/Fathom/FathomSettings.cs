using FathomGateway.Settings;

namespace FathomGateway.Fathom;

/// <summary>Reads <see cref="FathomOptions"/>: the preset's values, each overridden by its own variable.</summary>
internal static class FathomSettings
{
    public const string ProviderName = "FATHOM_PROVIDER";
    public const string TokenUrlName = "FATHOM_TOKEN_URL";

    /// <summary>Path of the callback route. The redirect URI must have it.</summary>
    public const string CallbackPath = "/fathom/callback";

    private const string NoOAuthKnown =
        $"api.usefathom.com, the default of {ProviderName}, documents no OAuth: for the meeting notes of fathom.video set "
        + $"{ProviderName}=fathom-video.";

    /// <returns>Null where a required setting is missing or faulty; the reader then holds the faults.</returns>
    public static FathomOptions? Read(SettingsReader settings)
    {
        var presetName = settings.OneOf(ProviderName, ProviderPreset.All[0].Name, [.. ProviderPreset.All.Select(one => one.Name)]);
        var preset = ProviderPreset.All.First(one => one.Name == presetName);
        var clientId = settings.Required("FATHOM_CLIENT_ID", "copy the client id of your OAuth app at Fathom.");
        var clientSecret = settings.Required("FATHOM_CLIENT_SECRET", "copy the client secret of your OAuth app at Fathom.");
        var redirectUri = RedirectUri(settings);
        var authorize = Endpoint(settings, "FATHOM_AUTHORIZE_URL", preset.AuthorizeUrl, preset);
        var token = Endpoint(settings, TokenUrlName, preset.TokenUrl, preset);
        var api = Endpoint(settings, "FATHOM_API_URL", preset.ApiUrl, preset);
        settings.NoteDefault("FATHOM_REVOKE_URL", "none", Origin(preset));
        var revoke = settings.RequireTls("FATHOM_REVOKE_URL", settings.OptionalUrl("FATHOM_REVOKE_URL"));
        var pkce = settings.OneOf("FATHOM_PKCE", preset.UsesPkce ? "S256" : "off", "off", "S256");
        settings.NoteDefault("FATHOM_SCOPE", preset.Scope ?? "none", Origin(preset));
        var scope = settings.Optional("FATHOM_SCOPE") ?? preset.Scope;
        var authentication = settings.OneOf("FATHOM_CLIENT_AUTH", "post", "post", "basic");
        if (authorize is null || token is null || api is null || redirectUri is null) return null;
        if (preset == ProviderPreset.UseFathom && (authorize == new Uri(preset.AuthorizeUrl) || token == new Uri(preset.TokenUrl)))
        {
            settings.Warn(NoOAuthKnown);
        }

        return new FathomOptions
        {
            ClientId = clientId,
            ClientSecret = clientSecret,
            RedirectUri = redirectUri,
            AuthorizeUrl = authorize,
            TokenUrl = token,
            RevokeUrl = revoke,
            ApiUrl = api,
            Scope = scope,
            UsesPkce = pkce == "S256",
            ClientAuthentication = authentication == "basic" ? ClientAuthentication.Basic : ClientAuthentication.Post,
        };
    }

    private static Uri? Endpoint(SettingsReader settings, string name, string address, ProviderPreset preset)
    {
        settings.NoteDefault(name, address, Origin(preset));
        return settings.Optional(name) is null ? new Uri(address) : settings.RequireTls(name, settings.OptionalUrl(name));
    }

    private static string Origin(ProviderPreset preset) => $"{ProviderName} {preset.Name}";

    private static string? RedirectUri(SettingsReader settings)
    {
        var url = settings.RequiredUrl(
            SharedSettings.RedirectUriName, $"write the redirect URI that is registered at Fathom: https://<this gateway>{CallbackPath}.");
        if (url is null || settings.RequireTls(SharedSettings.RedirectUriName, url) is null) return null;
        if (url.AbsolutePath == CallbackPath && url.Query.Length == 0) return settings.Optional(SharedSettings.RedirectUriName);
        settings.Fault(
            SharedSettings.RedirectUriName,
            $"does not end in {CallbackPath}, the path that the gateway answers: register and set https://<this gateway>{CallbackPath}.");
        return null;
    }
}
