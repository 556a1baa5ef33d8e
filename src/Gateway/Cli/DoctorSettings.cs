using FathomGateway.Settings;

namespace FathomGateway.Cli;

/// <summary>The settings that the gateway asked for, without any secret among them.</summary>
internal static class DoctorSettings
{
    /// <summary>Shown as they are. Whatever is not named here is only said to be set: a secret must never be shown because somebody forgot to list it.</summary>
    private static readonly HashSet<string> Shown =
    [
        "BACKEND_URL", "FRONTEND_URL", "FRONTEND_RETURN_PATH", "CORS_ORIGINS", "FATHOM_PROVIDER", "FATHOM_REDIRECT_URI", "FATHOM_AUTHORIZE_URL", "FATHOM_TOKEN_URL",
        "FATHOM_REVOKE_URL", "FATHOM_API_URL", "FATHOM_SCOPE", "FATHOM_PKCE", "FATHOM_CLIENT_AUTH", "FATHOM_TOKEN_BUDGET", "JWT_AUTHORITY", "JWT_JWKS_URL", "JWT_ISSUER",
        "JWT_AUDIENCE", "JWT_USER_ID_CLAIM", "JWT_ALLOW_SHORT_SECRET", "JWT_ALLOW_NO_EXPIRY", "EMBEDDED", "DATA_DIR", "LINK_BINDING", "FORWARDED_FOR", "STRIP_EDGE_HEADERS",
        "PUBLIC_STATUS", "PORT", "PUBLIC_HOST", "MANAGEMENT_PORT", "MANAGEMENT_HOST", "H2C_PORT", "RENDER", "ACCESS_LOG", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME",
    ];

    public static IReadOnlyList<DoctorSetting> Read(SettingsReader settings) =>
        [.. settings.Asked.Order(StringComparer.Ordinal).Select(name => new DoctorSetting(name, Value(settings, name), settings.OriginOf(name)))];

    private static string? Value(SettingsReader settings, string name) => settings.Optional(name) switch
    {
        null => null,
        // Addresses can carry a password before the @.
        var value when Shown.Contains(name) && !value.Contains('@', StringComparison.Ordinal) => value,
        _ => "set",
    };
}
