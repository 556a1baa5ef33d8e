using System.Security;
using FathomGateway.Settings;
using Npgsql;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>
/// Files that a PostgreSQL address names. The driver looks for them with each connection, and would find them missing with each.
/// </summary>
internal static class DatabaseFiles
{
    /// <exception cref="SettingValueException">A file cannot be read.</exception>
    public static void Check(NpgsqlConnectionStringBuilder builder)
    {
        (string Name, string? Path)[] files =
        [
            ("Root Certificate (sslrootcert)", builder.RootCertificate), ("SSL Certificate (sslcert)", builder.SslCertificate),
            ("SSL Key (sslkey)", builder.SslKey),
        ];
        foreach (var (name, path) in files.Where(one => !string.IsNullOrEmpty(one.Path)))
        {
            try
            {
                using var file = File.OpenRead(path!);
            }
            catch (Exception failure)
                when (failure is IOException or UnauthorizedAccessException or SecurityException or ArgumentException
                    or NotSupportedException)
            {
                throw new SettingValueException($"names a file that cannot be read as its {name}: check the path and who may read it.");
            }
        }
    }
}
