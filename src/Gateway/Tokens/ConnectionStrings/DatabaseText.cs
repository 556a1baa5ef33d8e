using System.Data.Common;
using System.Text.RegularExpressions;
using FathomGateway.Settings;
using Npgsql;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>The three forms of a PostgreSQL address.</summary>
internal static partial class DatabaseText
{
    private const string NoAddress =
        "is no PostgreSQL address: write postgresql://user:password@host[:port]/database[?sslmode=require], with ? / # @ : ; % in user and "
        + "password "
        + "percent-encoded, or an Npgsql connection string.";

    /// <param name="text">The value of the setting.</param>
    /// <param name="ignored">Told the names of libpq's parameters that are understood and have no effect here.</param>
    /// <exception cref="SettingValueException">It is none of them, or has a parameter that cannot be used.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text, Action<IReadOnlyList<string>> ignored)
    {
        if (text.StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase))
        {
            throw new SettingValueException("is an address of JDBC: leave out jdbc:, and write user and password before the host.");
        }

        if (text.StartsWith("psql ", StringComparison.OrdinalIgnoreCase))
        {
            throw new SettingValueException("begins with psql: take the address alone, without the command and the quotes around it.");
        }

        var builder = DatabaseUrl.Parse(text) is { } url ? LibpqParameters.Apply(url, ignored)
            : text.Contains("://", StringComparison.Ordinal) && !text.Contains(';', StringComparison.Ordinal)
                ? throw new SettingValueException(NoAddress)
            : LibpqForm().IsMatch(text) ? LibpqParameters.Apply(LibpqString.Parse(text), ignored)
            : FromDriverString(text);
        return string.IsNullOrWhiteSpace(builder.Host) ? throw new SettingValueException(NoAddress) : builder;
    }

    /// <summary>Npgsql names the parameter that it does not know, which is a part of the password where that has a ; in it.</summary>
    private static NpgsqlConnectionStringBuilder FromDriverString(string text)
    {
        DbConnectionStringBuilder given;
        try
        {
            given = new DbConnectionStringBuilder { ConnectionString = text };
        }
        catch (ArgumentException)
        {
            throw new SettingValueException(NoAddress);
        }

        var builder = new NpgsqlConnectionStringBuilder();
        foreach (string name in given.Keys) DriverParameter.Set(builder, name, given[name]);
        return builder;
    }

    /// <summary>Several words with an equals sign and no semicolon: <c>host=db port=5432 dbname=app</c>.</summary>
    [GeneratedRegex(@"^\s*(?!.*;)\w+\s*=\s*('(?:[^'\\]|\\.)*'|\S*)(\s+\w+\s*=.*)?$", RegexOptions.Singleline)]
    private static partial Regex LibpqForm();
}
