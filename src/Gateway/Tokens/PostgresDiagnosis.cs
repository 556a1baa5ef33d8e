using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>What <c>gateway doctor</c> finds out about PostgreSQL: version, whether it takes writes, schema, clock, encryption of the way there.</summary>
internal sealed class PostgresDiagnosis(NpgsqlDataSource database, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan LargestSkew = TimeSpan.FromSeconds(60);

    private const string Sql = """
        SELECT current_setting('server_version'), pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on', clock_timestamp(),
               to_regclass('fathom_schema') IS NOT NULL, COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)
        """;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            return await LookAsync(connection, cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            // The driver's own words name host and user at most.
            return HealthCheckResult.Unhealthy($"PostgreSQL cannot be used: {failure.Message} Check DATABASE_URL and that it runs. Nobody can connect until then; proxying goes on.");
        }
    }

    private async Task<HealthCheckResult> LookAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        var (version, readOnly, now, hasSchema, encrypted) = ("", false, DateTime.MinValue, false, false);
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            await row.ReadAsync(cancel);
            (version, readOnly, now, hasSchema, encrypted) = (row.GetString(0), row.GetBoolean(1), row.GetDateTime(2), row.GetBoolean(3), row.GetBoolean(4));
        }

        var found = $"PostgreSQL {version}, {(readOnly ? "standby" : "primary")}, {await SchemaAsync(connection, hasSchema, cancel)}, TLS {(encrypted ? "on" : "off")}";
        if (readOnly) return HealthCheckResult.Unhealthy($"{found}: it takes no writes. Point DATABASE_URL at the primary, or list all hosts in it.");
        return (time.GetUtcNow() - now).Duration() > LargestSkew
            ? HealthCheckResult.Degraded($"{found}: its clock and this machine's differ by more than a minute.")
            : HealthCheckResult.Healthy(found + ".");
    }

    private static async Task<string> SchemaAsync(NpgsqlConnection connection, bool there, CancellationToken cancel)
    {
        var wanted = SchemaScripts.Count("Postgres");
        if (!there) return "no schema yet (the first start makes it)";
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM {SchemaScripts.JournalTable}", connection);
        return $"schema {await command.ExecuteScalarAsync(cancel)} of {wanted}";
    }
}
