using System.Globalization;
using FathomGateway.Settings;
using Npgsql;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>The hosts of a PostgreSQL address: names, addresses, or folders of Unix sockets, several separated by commas.</summary>
internal static class DatabaseHosts
{
    /// <summary>libpq has a list of ports beside that of hosts; Npgsql has host:port where there are several.</summary>
    /// <exception cref="SettingValueException">A port is none, or there are more than hosts.</exception>
    public static void SetPorts(NpgsqlConnectionStringBuilder builder, string text)
    {
        var ports = text.Split(',').Select(Port).ToArray();
        if (ports is [var only])
        {
            builder.Port = only;
            return;
        }

        var hosts = (builder.Host ?? "").Split(',');
        if (hosts.Length != ports.Length)
        {
            throw new SettingValueException("has as many ports as hosts, or one for all of them: correct their number.");
        }

        builder.Host = string.Join(',', hosts.Zip(ports, (host, port) => string.Create(CultureInfo.InvariantCulture, $"{host}:{port}")));
    }

    /// <summary>What is no host is what a password was cut up into, as a rule.</summary>
    /// <exception cref="SettingValueException">A host holds characters that none has, or its port is no number.</exception>
    public static void Check(string? hosts)
    {
        foreach (var host in (hosts ?? "").Split(',').Select(one => one.Trim()))
        {
            if (host.StartsWith('/') || host.StartsWith('@')) continue;
            var name = host;
            if (host.LastIndexOf(':') is >= 0 and var colon && !host.EndsWith(']')
                && (host.StartsWith('[') || host.IndexOf(':', StringComparison.Ordinal) == colon))
            {
                Port(host[(colon + 1)..]);
                name = host[..colon];
            }

            if (Uri.CheckHostName(name.Trim('[', ']')) == UriHostNameType.Unknown && !name.All(IsOfName)) throw NoHost();
            if (name.Length == 0) throw NoHost();
        }
    }

    private static bool IsOfName(char letter) => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.';

    private static int Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : throw new SettingValueException("has a port that is no number from 1 to 65535: correct it, and percent-encode ? / # @ : ; in "
                + "user and password.");

    private static SettingValueException NoHost() =>
        new("has a host that can be none: correct it, and percent-encode ? / # @ : ; in user and password.");
}
