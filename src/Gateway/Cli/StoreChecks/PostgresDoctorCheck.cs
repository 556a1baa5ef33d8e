using System.Data.Common;
using System.Net.Sockets;
using FathomGateway.Settings;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace FathomGateway.Cli.StoreChecks;

/// <summary>Checks PostgreSQL for <c>gateway doctor</c>: version, write access, schema, clock, and encryption of the connection.</summary>
internal sealed class PostgresDoctorCheck(
    PostgresHosts hosts, SchemaReadiness schema, ConnectionStore store, TimeProvider time) : IHealthCheck
{
    private const string Consequence = "Nobody can connect until then; proxying goes on.";

    private const string Sql = """
        SELECT current_setting('server_version'), pg_is_in_recovery(), current_setting('transaction_read_only') = 'on', clock_timestamp(),
               COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)
        """;

    private const string ScriptsSql = $"SELECT count(*) FROM {SchemaScripts.JournalTable}";

    /// <summary>
    /// Other roles with rights on the tables, such as the roles that some hosts let browsers use. Row level security hides the rows from
    /// most of them.
    /// </summary>
    private const string OthersSql = """
        SELECT string_agg(DISTINCT
            CASE grants.grantee WHEN 0 THEN 'everybody' ELSE pg_get_userbyid(grants.grantee)::text END || ' on ' || tables.relname, ', ')
        FROM pg_class AS tables, aclexplode(tables.relacl) AS grants
        WHERE tables.relname LIKE 'fathom\_%' AND tables.relkind = 'r' AND pg_table_is_visible(tables.oid)
            AND grants.grantee NOT IN (tables.relowner, (SELECT oid FROM pg_roles WHERE rolname = current_user))
        """;

    private sealed record Facts(string Version, bool IsStandby, bool IsReadOnly, DateTime Now, bool IsEncrypted)
    {
        public static Facts Read(DbDataReader row) =>
            new(row.GetString(0), row.GetBoolean(1), row.GetBoolean(2), row.GetDateTime(3), row.GetBoolean(4));

        public string Role
        {
            get
            {
                if (IsStandby) return "standby";
                return IsReadOnly ? "read-only" : "primary";
            }
        }
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await InspectAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or SocketException)
        {
            return HealthCheckResult.Unhealthy($"PostgreSQL {PostgresErrorHints.Of(failure)}. {Consequence}");
        }
    }

    private async Task<HealthCheckResult> InspectAsync(CancellationToken cancel)
    {
        var facts = await QueryAsync(Sql, Facts.Read, cancel);
        var clock = ClockSkew.Data(facts.Now, time.GetUtcNow());
        var found = $"PostgreSQL {facts.Version}, {facts.Role}";
        if (facts.IsStandby || facts.IsReadOnly)
        {
            return HealthCheckResult.Unhealthy(
                $"{found}: it takes no writes. Point DATABASE_URL at the primary, or list all hosts in it. {Consequence}", data: clock);
        }

        // Rights that this user lacks on existing tables.
        if ((await QueryAsync(PostgresRights.RightsSql, PostgresRights.Read, cancel)).RightsFault is { } fault)
        {
            return HealthCheckResult.Unhealthy($"{found}. {fault} {Consequence}", data: clock);
        }

        try
        {
            await schema.EnsureAsync(SchemaReadiness.OperatorTimeout, cancel);
            await store.EnsureWritableAsync(cancel);
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            var reason = failure.InnerException is { } inner
                ? $"{failure.Message.TrimEnd('.')}: PostgreSQL {PostgresErrorHints.Of(inner)}."
                : failure.Message;
            return HealthCheckResult.Unhealthy($"{found}. {reason} {Consequence}", data: clock);
        }

        var (scripts, wanted) = (await QueryAsync(ScriptsSql, row => row.GetInt64(0), cancel), SchemaScripts.Count("Postgres"));
        found = $"{found}, schema {scripts} of {wanted}, TLS {(facts.IsEncrypted ? "on" : "off")}";
        if (await QueryAsync(OthersSql, row => row.GetStringOrNull(0), cancel) is { Length: > 0 } others)
        {
            return HealthCheckResult.Degraded(
                $"{found}. Others have rights on tables of the gateway's: {others}. Take them back with REVOKE ALL ON the table FROM "
                    + "the role.",
                data: clock);
        }

        return scripts > wanted
            ? HealthCheckResult.Degraded(
                $"{found}: a newer release has been here. One step back works; more than one wants the backup from before.", data: clock)
            : HealthCheckResult.Healthy($"{found}.", clock);
    }

    /// <summary>Returns one row or value from the server that accepts writes.</summary>
    private async Task<T> QueryAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancel)
    {
        await using var session = await hosts.OpenAsync(cancel);
        return (await session.Connection.FindAsync(sql, null, read, cancel: cancel))!;
    }
}
