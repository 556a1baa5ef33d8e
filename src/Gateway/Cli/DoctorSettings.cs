using FathomGateway.Hosting;
using FathomGateway.Settings;

namespace FathomGateway.Cli;

/// <summary>The settings that the gateway asked for, without any secret among them.</summary>
internal static class DoctorSettings
{
    /// <summary>Shown as they are. Whatever is not named here is only said to be set: a secret must never be shown because somebody forgot to list it.</summary>
    private static readonly HashSet<string> Shown =
    [
        "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "BACKEND_URL", "BACKEND_HOST", "FRONTEND_URL", "FRONTEND_RETURN_PATH", "CORS_ORIGINS", "FATHOM_PROVIDER", "FATHOM_CLIENT_ID",
        "FATHOM_REDIRECT_URI", "FATHOM_AUTHORIZE_URL", "FATHOM_TOKEN_URL", "FATHOM_REVOKE_URL", "FATHOM_API_URL", "FATHOM_SCOPE", "FATHOM_PKCE", "FATHOM_CLIENT_AUTH",
        "FATHOM_TOKEN_BUDGET", "JWT_AUTHORITY", "JWT_JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE", "JWT_USER_ID_CLAIM", "JWT_SOURCE",
        "JWT_REQUIRED_CLAIMS", "JWT_TYPES", "JWT_MAX_LIFETIME",
        "JWT_ALLOW_SHORT_SECRET", "JWT_ALLOW_NO_EXPIRY", "VERIFY_USER_URL", "EMBEDDED", "DATA_DIR", "LINK_BINDING", "FORWARDED_FOR", "STRIP_EDGE_HEADERS", "PUBLIC_STATUS",
        "PORT", "PUBLIC_HOST", "MANAGEMENT_PORT", "MANAGEMENT_HOST", "H2C_PORT", "TRUSTED_PROXIES", "RENDER", "RENDER_EXTERNAL_URL", "ACCESS_LOG",
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME",
    ];

    public static IReadOnlyList<DoctorSetting> Read(SettingsReader settings) =>
        [.. settings.Asked.Select(name => Setting(settings, name)).Concat(SocketCompletions.Variables.Select(Setting)).OrderBy(one => one.Name, StringComparer.Ordinal)];

    private static DoctorSetting Setting(SettingsReader settings, string name)
    {
        // A file that was named and could not be read is neither set nor left to its default.
        if (settings.Optional(name) is { } value) return new DoctorSetting(name, CanBeShown(name, value) ? value : "set", settings.OriginOf(name) ?? "");
        if (settings.OriginOf(name) is { } unread) return new DoctorSetting(name, null, unread);
        return settings.DefaultOf(name) is { } found ? new DoctorSetting(name, CanBeShown(name, found.Value) ? found.Value : "set", found.Origin) : new DoctorSetting(name, null, null);
    }

    private static DoctorSetting Setting((string Name, bool IsDefault) variable) => Environment.GetEnvironmentVariable(variable.Name) is { } value
        ? new(variable.Name, value, variable.IsDefault ? "default" : "environment")
        : new(variable.Name, null, null);

    /// <summary>Addresses can carry a password before an @, or a key in their query.</summary>
    private static bool CanBeShown(string name, string value) => Shown.Contains(name) && !value.AsSpan().ContainsAny('@', '?');
}
