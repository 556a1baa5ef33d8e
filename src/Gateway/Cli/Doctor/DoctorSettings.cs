using FathomGateway.Hosting.Kestrel;
using FathomGateway.Settings;

namespace FathomGateway.Cli.Doctor;

/// <summary>Lists the settings that the gateway has read, without secrets.</summary>
internal static class DoctorSettings
{
    /// <summary>
    /// Settings that hold no secret and whose form was checked when they were read. A setting in neither of these lists is shown as
    /// <c>set</c> only, so that forgetting to list it can never reveal a secret.
    /// </summary>
    private static readonly HashSet<string> CheckedSettings =
    [
        "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "BACKEND_URL", "BACKEND_HOST", "FRONTEND_URL", "FRONTEND_RETURN_PATH",
        "CORS_ORIGINS",
        "FATHOM_PROVIDER", "FATHOM_REDIRECT_URI", "FATHOM_AUTHORIZE_URL", "FATHOM_TOKEN_URL", "FATHOM_REVOKE_URL", "FATHOM_API_URL",
        "FATHOM_PKCE", "FATHOM_CLIENT_AUTH", "FATHOM_TOKEN_BUDGET", "JWT_AUTHORITY", "JWT_JWKS_URL", "JWT_SOURCE", "JWT_MAX_LIFETIME",
        "JWT_ALLOW_SHORT_SECRET", "JWT_ALLOW_NO_EXPIRY", "VERIFY_USER_URL", "EMBEDDED", "LINK_BINDING", "FORWARDED_FOR",
        "STRIP_EDGE_HEADERS", "PUBLIC_STATUS", "DOCTOR_AT_START", "PORT", "PUBLIC_HOST", "MANAGEMENT_PORT", "MANAGEMENT_HOST", "H2C_PORT",
        "TRUSTED_PROXIES",
        "RENDER", "RENDER_EXTERNAL_URL", "ACCESS_LOG", "OTEL_EXPORTER_OTLP_ENDPOINT", "RELAY_MAX_WAIT",
    ];

    /// <summary>Settings that hold no secret and accept any text. Shown only where the value consists of words.</summary>
    private static readonly HashSet<string> FreeTextSettings =
    [
        "FATHOM_SCOPE", "JWT_ISSUER", "JWT_AUDIENCE", "JWT_USER_ID_CLAIM", "JWT_REQUIRED_CLAIMS", "JWT_TYPES", "DATA_DIR",
        "OTEL_SERVICE_NAME",
    ];

    /// <summary>Whether a valid value of this setting may be shown.</summary>
    public static bool IsHarmless(string name) => CheckedSettings.Contains(name) || FreeTextSettings.Contains(name);

    public static IReadOnlyList<DoctorSetting> Read(SettingsReader settings) =>
        [
            .. settings.ReadNames.Select(name => Setting(settings, name))
                .Concat(SocketCompletionMode.Variables.Select(Setting))
                .OrderBy(one => one.Name, StringComparer.Ordinal),
        ];

    private static DoctorSetting Setting(SettingsReader settings, string name)
    {
        // A file that is configured but unreadable is neither a value nor the default.
        if (settings.Optional(name) is { } value)
        {
            return new DoctorSetting(name, CanBeShown(settings, name, value) ? value : "set", settings.OriginOf(name) ?? "");
        }

        if (settings.OriginOf(name) is { } unread) return new DoctorSetting(name, null, unread);
        return settings.DefaultOf(name) is { } found
            ? new DoctorSetting(name, CanBeShown(settings, name, found.Value) ? found.Value : "set", found.Origin)
            : new DoctorSetting(name, null, null);
    }

    private static DoctorSetting Setting((string Name, bool IsDefault) variable) =>
        Environment.GetEnvironmentVariable(variable.Name) is { } value
            ? new(variable.Name, value, variable.IsDefault ? "default" : "environment")
            : new(variable.Name, null, null);

    /// <summary>
    /// A faulty value may be a secret of another setting. Addresses may hold a password before an @ or a key in the query.
    /// </summary>
    private static bool CanBeShown(SettingsReader settings, string name, string value) =>
        !settings.IsFaulty(name)
        && ((CheckedSettings.Contains(name) && !value.AsSpan().ContainsAny('@', '?'))
            || (FreeTextSettings.Contains(name) && !value.AsSpan().ContainsAnyExcept(FreeTextCharacters)));

    private static readonly System.Buffers.SearchValues<char> FreeTextCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/,+= ");
}
