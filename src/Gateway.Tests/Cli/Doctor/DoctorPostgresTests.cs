using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>Each way in which PostgreSQL can be broken, found by one look, with its remedy.</summary>
[Trait("Speed", "Slow")]
public sealed class DoctorPostgresTests(RealStores stores)
{
    private const HealthStatus Broken = HealthStatus.Unhealthy;

    private static readonly int Scripts = SchemaScripts.Count("Postgres");

    [Theory]
    [InlineData("postgresql://u:p-canary@127.0.0.1:9/d", "refuses the connection")]
    [InlineData("postgresql://u:p-canary@nobody.invalid/d", "unknown host name (DNS)")]
    [InlineData("Host=127.0.0.1:9,127.0.0.1:10;Username=u;Database=d", "PostgreSQL ")]
    public Task The_doctor_finds_a_PostgreSQL_address_where_no_server_listens(string url, string finding) =>
        FindsAsync(url, Broken, finding, "DATABASE_URL", "proxying goes on");

    [Fact]
    public async Task The_doctor_finds_a_PostgreSQL_server_that_never_answers()
    {
        await using var silent = RawServer.Start(RawResponse.Silence);
        await FindsAsync($"postgresql://u@127.0.0.1:{silent.Address.Port}/d", Broken, "does not answer in time");
    }

    [Fact]
    public async Task The_doctor_finds_a_missing_database_and_a_server_without_TLS()
    {
        var url = await stores.NewDatabaseAsync();
        await FindsAsync(
            new UriBuilder(url) { Path = "elsewhere" }.Uri.ToString(), Broken, "has no such database (database \"…\" does not exist)");
        await FindsAsync($"{url}?sslmode=require", Broken, "does not speak TLS");
    }

    [Fact]
    public async Task The_doctor_finds_a_missing_or_wrong_PostgreSQL_password_and_a_rejected_user()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var url = await postgres.CreateDatabaseAsync();
        await PostgresTestDatabase.QueryAsync(url, "CREATE USER ann PASSWORD 'right'");
        var file = await PostgresTestDatabase.QueryAsync(url, "SELECT current_setting('hba_file')");
        await PostgresTestDatabase.QueryAsync(
            url,
            "COPY (SELECT unnest(ARRAY['host all ann all scram-sha-256', 'host all ben all reject', 'host all all all trust'])) TO "
                + $"'{file}'");
        await PostgresTestDatabase.QueryAsync(url, "CREATE USER ben");
        await PostgresTestDatabase.QueryAsync(url, "SELECT pg_reload_conf()");
        string As(string user) => url.Replace("//postgres@", $"//{user}@", StringComparison.Ordinal);
        await Eventually.BecomesTrueAsync(
            async () => await Record.ExceptionAsync(() => PostgresTestDatabase.QueryAsync(As("ben"), "SELECT 1")) is not null,
            TimeSpan.FromSeconds(30),
            "the rules are read");

        await FindsAsync(As("ann:p-canary"), Broken, "refuses user or password");
        await FindsAsync(As("ann"), Broken, "wants a password");
        await FindsAsync(As("ben"), Broken, "does not let this user in", "pg_hba.conf");
    }

    [Fact]
    public async Task The_doctor_finds_a_PostgreSQL_user_who_may_not_create_the_schema_or_write_tables()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var url = await postgres.CreateDatabaseAsync();
        await PostgresTestDatabase.QueryAsync(url, "CREATE USER ann; REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        var asAnn = url.Replace("//postgres@", "//ann@", StringComparison.Ordinal);

        await FindsAsync(asAnn, Broken, "CREATE on the schema");
        await FindsAsync(url, HealthStatus.Healthy, "primary", $"schema {Scripts} of {Scripts}");
        await PostgresTestDatabase.QueryAsync(url, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO ann");
        await FindsAsync(asAnn, Broken, "INSERT on fathom_connections");
    }

    [Fact]
    public async Task The_doctor_warns_of_a_schema_of_a_newer_release()
    {
        var url = await stores.NewDatabaseAsync();
        await FindsAsync(url, HealthStatus.Healthy, $"schema {Scripts} of {Scripts}");
        await PostgresTestDatabase.QueryAsync(url, "INSERT INTO fathom_schema (scriptname, applied) VALUES ('of a newer release', now())");

        await FindsAsync(url, HealthStatus.Degraded, $"schema {Scripts + 1} of {Scripts}", "a newer release has been here");
    }

    [Fact]
    public async Task The_doctor_finds_a_standby_and_a_read_only_database()
    {
        await using var primary = await PostgresServer.StartAsync();
        var url = await primary.CreateDatabaseAsync();
        await using var standby = await PostgresServer.StandbyOfAsync(primary);
        await Eventually.BecomesTrueAsync(
            () => standby.IsInStepWithAsync(primary), TimeSpan.FromSeconds(60), "the standby has the database");

        await FindsAsync(standby.ConnectionString(PostgresTestDatabase.NameOf(url)), Broken, "standby: it takes no writes", "primary");
        await PostgresTestDatabase.QueryAsync(
            url, $"ALTER DATABASE {PostgresTestDatabase.NameOf(url)} SET default_transaction_read_only = on");
        await FindsAsync(url, Broken, "read-only: it takes no writes");
    }

    private static Task FindsAsync(string url, HealthStatus status, params string[] words) =>
        Examination.FindsAsync("postgres", TestSettings.OnRealStores("redis://127.0.0.1:9", url), status, words);
}
