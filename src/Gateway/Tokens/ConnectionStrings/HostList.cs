using System.Globalization;
using FathomGateway.Settings;
using Npgsql;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>The hosts of a PostgreSQL address: names, addresses, or folders of Unix sockets, several separated by commas.</summary>
internal static class HostList
{
    /// <summary>
    /// Sets the ports. libpq has a list of ports beside the list of hosts. Npgsql has <c>host:port</c> for each of several hosts.
    /// </summary>
    /// <exception cref="SettingValueException">A port is no port, or the lists differ in length.</exception>
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
            throw new SettingValueException(
                "has another number of ports than of hosts: write one port for each host, or one for all of them.");
        }

        builder.Host = string.Join(',', hosts.Zip(ports, (host, port) => $"{host}:{port}"));
    }

    /// <summary>Checks the form of the hosts. A text that can be no host is usually a part of a password.</summary>
    /// <exception cref="SettingValueException">A host has characters that no host has, or its port is no port.</exception>
    public static void Check(string? hosts)
    {
        foreach (var host in (hosts ?? "").Split(',').Select(one => one.Trim()))
        {
            var isSocket = host.StartsWith('/') || host.StartsWith('@');
            if (isSocket) continue;
            var (name, port) = Split(host);
            if (port is not null) Port(port);
            if (name.Length == 0 || (Uri.CheckHostName(name.Trim('[', ']')) == UriHostNameType.Unknown && !name.All(IsOfName)))
            {
                throw new SettingValueException($"has a host that can be none: correct it, and {ConnectionStringParser.PercentEncode}.");
            }
        }
    }

    /// <summary>Splits <c>host:port</c>. An IPv6 address with a port is in brackets; a folder with several colons has no port.</summary>
    /// <returns>The port as it is written; null where there is none.</returns>
    public static (string Host, string? Port) Split(string text)
    {
        var colon = text.LastIndexOf(':');
        var hasPort = colon > 0 && (text[colon - 1] == ']' || text.IndexOf(':', StringComparison.Ordinal) == colon);
        return hasPort ? (text[..colon], text[(colon + 1)..]) : (text, null);
    }

    private static bool IsOfName(char letter) => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.';

    private static int Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : throw new SettingValueException(
                $"has a port that is no number from 1 to 65535: correct it, and {ConnectionStringParser.PercentEncode}.");
}
