using System.Security.Cryptography.X509Certificates;
using FathomGateway.Tls;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>The pool of connections to PostgreSQL: to one host, or to that of several which takes writes.</summary>
internal static class PostgresDataSource
{
    public static NpgsqlDataSource Build(string connectionString, ILoggerFactory logs)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString).UseLoggerFactory(logs);
        // Where the operator wants revocation checked, .NET fetches what it needs for that.
        builder.UseSslClientAuthenticationOptionsCallback(tls => tls.CertificateChainPolicy ??= tls.CertificateRevocationCheckMode == X509RevocationMode.NoCheck ? PeerCertificates.AsSent : null);
        if (!builder.ConnectionStringBuilder.Host!.Contains(',', StringComparison.Ordinal))
        {
            // Which metrics and traces carry; without one, they would carry the connection string.
            builder.Name = DatabaseAddress.ApplicationName;
            return builder.Build();
        }

        // Each host has a pool, named by its part of the string, which is without the password: under one name their figures would overwrite each other.
        // With several hosts the driver wants to be asked for the kind of session, and refuses to be told in the text.
        var wanted = Wanted(builder.ConnectionStringBuilder.TargetSessionAttributes);
        builder.ConnectionStringBuilder.TargetSessionAttributes = null;
        return builder.BuildMultiHost().WithTargetSession(wanted);
    }

    private static TargetSessionAttributes Wanted(string? text) =>
        Enum.TryParse<TargetSessionAttributes>(text?.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var wanted) ? wanted : TargetSessionAttributes.Primary;
}
