using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>Turns a connection URI of libpq's form (PostgreSQL manual, section 34.1.1.2) into Npgsql's; several hosts are separated by commas.</summary>
internal static class DatabaseUrl
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <summary>libpq's parameter names where Npgsql's differ by more than a blank.</summary>
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["user"] = "Username",
        ["dbname"] = "Database",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["channel_binding"] = "Channel Binding",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["target_session_attrs"] = "Target Session Attributes",
    };

    /// <returns>Null where the text is no such URI.</returns>
    /// <exception cref="ArgumentException">A parameter is not one that Npgsql knows; the exception's parameter name says which.</exception>
    public static NpgsqlConnectionStringBuilder? Parse(string text)
    {
        if (Array.Find(Schemes, one => text.StartsWith(one, StringComparison.OrdinalIgnoreCase)) is not { } scheme) return null;
        var rest = text[scheme.Length..];
        var query = rest.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? rest[mark..] : "";
        rest = rest[..^query.Length];
        var path = rest.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? rest[slash..] : "";
        var authority = rest[..^path.Length];
        var at = authority.LastIndexOf('@');

        var builder = new NpgsqlConnectionStringBuilder { Host = Uri.UnescapeDataString(authority[(at + 1)..]) };
        if (path.Length > 1) builder.Database = Uri.UnescapeDataString(path[1..]);
        if (at >= 0) Credentials(builder, authority[..at]);
        foreach (var parameter in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)) Apply(builder, parameter.Split('=', 2));
        SplitSinglePort(builder);
        return builder;
    }

    private static void Apply(NpgsqlConnectionStringBuilder builder, string[] parameter)
    {
        var name = Uri.UnescapeDataString(parameter[0]);
        var value = Uri.UnescapeDataString(parameter.Length > 1 ? parameter[1] : "");
        // libpq writes verify-full, Npgsql VerifyFull.
        if (name.Equals("sslmode", StringComparison.OrdinalIgnoreCase)) value = value.Replace("-", "", StringComparison.Ordinal);
        try
        {
            builder[Keywords.GetValueOrDefault(name, name)] = value;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException or KeyNotFoundException)
        {
            throw new ArgumentException("A parameter that Npgsql does not take.", name, failure);
        }
    }

    private static void Credentials(NpgsqlConnectionStringBuilder builder, string userInfo)
    {
        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        builder.Username = Uri.UnescapeDataString(colon < 0 ? userInfo : userInfo[..colon]);
        if (colon >= 0) builder.Password = Uri.UnescapeDataString(userInfo[(colon + 1)..]);
    }

    /// <summary>Npgsql reads host:port in a list of hosts; with one host the port has a place of its own.</summary>
    private static void SplitSinglePort(NpgsqlConnectionStringBuilder builder)
    {
        if (builder.Host!.Contains(',', StringComparison.Ordinal)) return;
        var colon = builder.Host.LastIndexOf(':');
        if (colon < 0 || builder.Host.EndsWith(']')) return;
        builder.Port = ushort.Parse(builder.Host[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        builder.Host = builder.Host[..colon];
    }
}
