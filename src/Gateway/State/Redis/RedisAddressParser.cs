using System.Globalization;
using FathomGateway.Settings;
using StackExchange.Redis;

namespace FathomGateway.State.Redis;

/// <summary>Parses the two forms of a Redis address: a URL, and a configuration string of StackExchange.Redis.</summary>
internal static class RedisAddressParser
{
    private const string Plain = "redis://", Tls = "rediss://";
    private const int DefaultPort = 6379;

    private const string NoAddress =
        "is no Redis address: write redis://[user:password@]host[:port][/database], or rediss:// for TLS, with ? / # @ : ; % in user and "
        + "password percent-encoded.";

    /// <exception cref="SettingValueException">The text has neither form, or a part of it cannot be used.</exception>
    public static ConfigurationOptions Parse(string text, SettingsReader settings)
    {
        if (text.StartsWith("redis-cli", StringComparison.OrdinalIgnoreCase))
        {
            throw new SettingValueException("begins with redis-cli: take the address alone, without the command.");
        }

        var options = text.StartsWith(Tls, StringComparison.OrdinalIgnoreCase) ? FromUrl(text[Tls.Length..], isTls: true, settings)
            : text.StartsWith(Plain, StringComparison.OrdinalIgnoreCase) ? FromUrl(text[Plain.Length..], isTls: false, settings)
            : FromLibraryString(text);
        if (options.DefaultDatabase < 0)
        {
            throw new SettingValueException("has a database of a number below 0: correct it, or leave it out.");
        }

        return options.EndPoints.Count > 0 ? options : throw new SettingValueException(NoAddress);
    }

    /// <summary>
    /// Parses the library's form. The message of the library's exception is not used: it names an unknown option, which is a part of the
    /// password where the password contains a comma.
    /// </summary>
    private static ConfigurationOptions FromLibraryString(string text)
    {
        // The library would accept an address of another scheme as the name of a host.
        if (text.Contains("//", StringComparison.Ordinal)) throw new SettingValueException(NoAddress);
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var servers = parts.TakeWhile(part => !part.Contains('=', StringComparison.Ordinal)).ToArray();
        if (parts.Skip(servers.Length).Any(part => !part.Contains('=', StringComparison.Ordinal)))
        {
            throw new SettingValueException("has something behind its options that is none: list all servers first. A password with a "
                + "comma needs the form redis://, with %2C for it.");
        }

        if (Array.Exists(servers, server => !IsServer(server))) throw new SettingValueException(NoAddress);
        try
        {
            return ConfigurationOptions.Parse(text);
        }
        catch (Exception failure)
            when (failure is ArgumentException or FormatException or OverflowException or InvalidOperationException or KeyNotFoundException)
        {
            throw new SettingValueException("has an option that the client does not know or cannot use: correct it, or leave out all but "
                + "servers, user, password, ssl and serviceName.");
        }
    }

    /// <param name="text">The text after the scheme.</param>
    /// <param name="isTls">Whether the scheme asks for TLS.</param>
    /// <param name="settings">Receives a warning for each option that is ignored.</param>
    private static ConfigurationOptions FromUrl(string text, bool isTls, SettingsReader settings)
    {
        var authority = text.IndexOfAny(['/', '?', '#']) is var end and >= 0 ? text[..end] : text;
        var rest = text[authority.Length..];
        // Only a password that is not percent-encoded causes an @ behind the host.
        if (rest.Contains('@', StringComparison.Ordinal))
        {
            throw new SettingValueException("has an @ behind the host: percent-encode ? / # @ : ; in user and password (a ? is %3F, a / is "
                + "%2F, an @ is %40).");
        }

        var at = authority.LastIndexOf('@');
        var server = authority[(at + 1)..];
        if (!IsServer(server) || !Uri.TryCreate(Plain + server, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            throw new SettingValueException(NoAddress);
        }

        var options = new ConfigurationOptions { Ssl = isTls, SslHost = isTls ? url.IdnHost : null };
        options.EndPoints.Add(url.IdnHost, url.Port > 0 ? url.Port : DefaultPort);
        if (at > 0) SetCredentials(options, authority[..at]);

        var extra = rest.IndexOfAny(['?', '#']);
        if (extra >= 0)
        {
            settings.Warn(StoreChoice.RedisUrlName, "has a query or a fragment, which is not read: the number of the database stands "
                + "behind the host (/2), TLS in the scheme (rediss://).");
        }

        var database = (extra < 0 ? rest : rest[..extra]).Trim('/');
        if (database.Length == 0) return options;
        if (!ushort.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new SettingValueException("has something behind the host that is no number of a database: write /0 or another number, or "
                + "nothing.");
        }

        options.DefaultDatabase = number;
        return options;
    }

    private static void SetCredentials(ConfigurationOptions options, string userInfo)
    {
        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        var user = colon < 0 ? "" : Uri.UnescapeDataString(userInfo[..colon]);
        options.User = user.Length > 0 ? user : null;
        options.Password = Uri.UnescapeDataString(userInfo[(colon + 1)..]);
    }

    /// <summary>Letters, digits and the separators of a host and a port, and of the path of a Unix socket.</summary>
    private static bool IsServer(string text) =>
        text.Length > 0
        && (text.StartsWith('!')
            || text.All(letter => char.IsLetterOrDigit(letter) || "-_.:[]%".Contains(letter, StringComparison.Ordinal)));
}
