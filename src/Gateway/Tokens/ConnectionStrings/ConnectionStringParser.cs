using System.Data.Common;
using System.Text.RegularExpressions;
using FathomGateway.Settings;
using Npgsql;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>Parses the three forms of a PostgreSQL address: URL, libpq's <c>keyword=value</c> pairs, Npgsql's connection string.</summary>
internal static partial class ConnectionStringParser
{
    /// <summary>Remedy for an address whose password contains a character that has to be percent-encoded.</summary>
    public const string PercentEncode = "percent-encode ? / # @ : ; in user and password";

    private const string NoAddress =
        "is no PostgreSQL address: write postgresql://user:password@host[:port]/database[?sslmode=require], with ? / # @ : ; % in user and "
        + "password percent-encoded, or an Npgsql connection string.";

    /// <exception cref="SettingValueException">The text has none of the three forms, or a parameter that cannot be used.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text, SettingsReader settings)
    {
        if (text.StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase))
        {
            throw new SettingValueException("is an address of JDBC: leave out jdbc:, and write user and password before the host.");
        }

        if (text.StartsWith("psql ", StringComparison.OrdinalIgnoreCase))
        {
            throw new SettingValueException("begins with psql: take the address alone, without the command and the quotes around it.");
        }

        var parameters = PostgresUrl.Parse(text);
        if (parameters is null && !text.Contains(';', StringComparison.Ordinal))
        {
            if (text.Contains("://", StringComparison.Ordinal)) throw new SettingValueException(NoAddress);
            parameters = ParsePairs(text);
        }

        var builder = parameters is null ? ParseDriverString(text) : LibpqParameters.Apply(parameters, settings);
        return string.IsNullOrWhiteSpace(builder.Host) ? throw new SettingValueException(NoAddress) : builder;
    }

    /// <summary>Sets one of Npgsql's parameters.</summary>
    /// <param name="shown">The name that the operator wrote. It is shown only if the driver knows the parameter.</param>
    /// <exception cref="SettingValueException">The driver does not know the parameter, or cannot use its value.</exception>
    public static void Set(NpgsqlConnectionStringBuilder builder, string name, object value, string shown)
    {
        try
        {
            builder[name] = value;
        }
        catch (Exception failure) when (failure is KeyNotFoundException || failure.InnerException is KeyNotFoundException)
        {
            throw new SettingValueException(
                "has an unknown parameter: correct its name, or leave it out. If it is a part of the password, percent-encode "
                + "? / # @ : ; % & there, or put the password into single quotes in an Npgsql string.");
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            throw new SettingValueException($"has a value of {shown.ToLowerInvariant()} that cannot be used: correct it, or leave it out.");
        }
    }

    /// <summary>PostgreSQL manual, section 34.1.1.1.</summary>
    private static (string Name, string Value)[] ParsePairs(string text)
    {
        var pairs = Pair().Matches(text);
        if (pairs.Sum(pair => pair.Length) != text.Length) throw new SettingValueException(NoAddress);
        return [.. pairs.Select(pair => (pair.Groups["name"].Value, Escape().Replace(pair.Groups["value"].Value, "$1")))];
    }

    /// <summary>
    /// Parses Npgsql's form. The message of Npgsql's exception is not used: it names an unknown parameter, which is a part of the password
    /// where the password contains a <c>;</c>.
    /// </summary>
    private static NpgsqlConnectionStringBuilder ParseDriverString(string text)
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
        foreach (string name in given.Keys) Set(builder, name, given[name], shown: name);
        return builder;
    }

    /// <summary>A value with blanks is in single quotes. A backslash escapes the character after it.</summary>
    [GeneratedRegex(
        @"\G\s*(?<name>\w+)\s*=\s*(?:'(?<value>(?:[^'\\]|\\.)*)'|(?<value>(?!')(?:[^\s\\]|\\.)*))(?:\s+|$)",
        RegexOptions.Singleline)]
    private static partial Regex Pair();

    [GeneratedRegex(@"\\(.)", RegexOptions.Singleline)]
    private static partial Regex Escape();
}
