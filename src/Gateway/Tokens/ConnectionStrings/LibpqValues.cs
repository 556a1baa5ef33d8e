using System.Globalization;
using FathomGateway.Settings;
using Npgsql;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>The values of libpq's parameters, where Npgsql has other words for them.</summary>
internal static class LibpqValues
{
    /// <summary>Most seconds that Npgsql waits for a connection.</summary>
    private const int LongestTimeout = 1024;

    /// <param name="name">libpq's name.</param>
    /// <param name="value">libpq's value.</param>
    /// <param name="translated">Npgsql's value; null for a parameter that has another meaning than its name.</param>
    /// <returns>False where the value says no more than the default.</returns>
    /// <exception cref="SettingValueException">The gateway cannot do what the value asks for.</exception>
    public static bool Translate(string name, string value, out string? translated)
    {
        translated = value;
        switch (name.ToLowerInvariant())
        {
            case "sslmode":
                translated = SslModeOf(value);
                return true;
            case "require_auth":
                translated = string.Join(',', value.Split(',').Select(Authentication));
                return true;
            case "ssl" or "requiressl":
                translated = nameof(SslMode.VerifyFull);
                if (name.Equals("requiressl", StringComparison.OrdinalIgnoreCase) || value == "no-verify")
                {
                    translated = nameof(SslMode.Require);
                }

                return value is "true" or "1" or "no-verify";
            case "sslrootcert":
                translated = value == "system" ? null : value;
                return value.Length > 0;
            case "connect_timeout":
                // libpq waits for ever with 0, and people wait here.
                return !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
                    || seconds is > 0 and <= LongestTimeout;
            case "target_session_attrs":
                translated = Role(value);
                return true;
            case "schema" or "currentschema" or "search_path":
                return value != "public";
            default:
                return true;
        }
    }

    /// <summary>libpq writes verify-full, Npgsql VerifyFull; no-verify is node-postgres' word for it.</summary>
    private static string SslModeOf(string value) =>
        value == "no-verify" ? nameof(SslMode.Require) : value.Replace("-", "", StringComparison.Ordinal);

    /// <summary>One of libpq's ways to sign in; a ! before it forbids it.</summary>
    private static string Authentication(string value) => value.Trim().TrimStart('!').ToLowerInvariant() switch
    {
        "password" => Forbidden(value) + "Password",
        "md5" => Forbidden(value) + "MD5",
        "gss" => Forbidden(value) + "GSS",
        "sspi" => Forbidden(value) + "SSPI",
        "scram-sha-256" => Forbidden(value) + "ScramSHA256",
        "none" => Forbidden(value) + "None",
        _ => value,
    };

    private static string Forbidden(string value) => value.TrimStart().StartsWith('!') ? "!" : "";

    private static string Role(string value) => value.ToLowerInvariant() switch
    {
        "any" or "read-write" or "primary" => value,
        "prefer-standby" => "primary",
        "standby" or "read-only" => throw new SettingValueException("asks for a standby (target_session_attrs), and the gateway has to "
        + "write: make it read-write, or leave it out."),
        _ => throw new SettingValueException("has a value of target_session_attrs that cannot be used: make it read-write, or leave it "
            + "out."),
    };
}
