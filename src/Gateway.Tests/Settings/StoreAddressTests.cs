using FathomGateway.Settings;
using FathomGateway.State.Redis;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.ConnectionStrings;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Settings;

public sealed class StoreAddressTests
{
    [Theory]
    [InlineData("redis://127.0.0.1", "127.0.0.1:6379", null, null, false, null)]
    [InlineData("redis://red-abc:6380/3", "Unspecified/red-abc:6380", null, null, false, 3)]
    [InlineData("rediss://user:p%40ss@redis.example.test:6380", "Unspecified/redis.example.test:6380", "user", "p@ss", true, null)]
    [InlineData("redis://:only-a-password@redis.example.test", "Unspecified/redis.example.test:6379", null, "only-a-password", false, null)]
    [InlineData("one.test:6379,two.test:6379,password=x,ssl=true", "Unspecified/one.test:6379", null, "x", true, null)]
    public void A_Redis_address_is_understood(string text, string endpoint, string? user, string? password, bool tls, int? database)
    {
        var options = RedisAddress.Read(Settings(), text);

        Assert.NotNull(options);
        Assert.Equal(endpoint, options.EndPoints[0].ToString());
        Assert.Equal((user, password, tls, database), (options.User, options.Password, options.Ssl, options.DefaultDatabase));
        Assert.False(options.AbortOnConnectFail);
    }

    [Fact]
    public void Redis_over_TLS_checks_the_name_of_the_server_T28() =>
        Assert.Equal("redis.example.test", RedisAddress.Read(Settings(), "rediss://redis.example.test")!.SslHost);

    [Theory]
    [InlineData("postgresql://ann:p%40ss@db.example.test/app", "db.example.test", 5432, "app", "ann", "p@ss")]
    [InlineData("postgres://ann@db.example.test:6543/app", "db.example.test", 6543, "app", "ann", null)]
    [InlineData("postgresql://one.test:1,two.test:2/app?target_session_attrs=read-write", "one.test:1,two.test:2", 5432, "app", null, null)]
    [InlineData("postgresql://%2Frun%2Fpostgresql/app?user=ann", "/run/postgresql", 5432, "app", "ann", null)]
    [InlineData("Host=db.example.test;Database=app;Username=ann", "db.example.test", 5432, "app", "ann", null)]
    [InlineData(
        "postgresql://ann:p%40ss@/app?host=/cloudsql/project:region:instance", "/cloudsql/project:region:instance", 5432, "app", "ann",
        "p@ss")]
    [InlineData(
        "user=ann password='p\\'s s' dbname=app host=/cloudsql/example.com:project:region:instance",
        "/cloudsql/example.com:project:region:instance", 5432, "app", "ann", "p's s")]
    [InlineData("port=6543 host=db.example.test dbname = app user=ann", "db.example.test", 6543, "app", "ann", null)]
    [InlineData("postgresql:///app?port=1,2&host=one.test,two.test&user=ann", "one.test:1,two.test:2", 5432, "app", "ann", null)]
    [InlineData("postgresql://ann:p@@s#s;:[]%x@[::1]:6543/app", "[::1]", 6543, "app", "ann", "p@@s#s;:[]%x")]
    [InlineData("postgresql://ann@/app?hostaddr=10.0.0.1", "10.0.0.1", 5432, "app", "ann", null)]
    public void A_database_address_is_understood(string text, string host, int port, string database, string? user, string? password)
    {
        var builder = new NpgsqlConnectionStringBuilder(PostgresConnectionString.Read(Settings(), text));

        Assert.Equal(
            (host, port, database, user, password), (builder.Host, builder.Port, builder.Database, builder.Username, builder.Password));
        Assert.Equal((20, 3, 5), (builder.MaxPoolSize, builder.Timeout, builder.CommandTimeout));
    }

    [Theory]
    [InlineData("verify-full", SslMode.VerifyFull)]
    [InlineData("require", SslMode.Require)]
    [InlineData("disable", SslMode.Disable)]
    public void The_TLS_mode_of_a_database_URL_is_kept_T28(string mode, SslMode expected) =>
        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(
            PostgresConnectionString.Read(Settings(), $"postgresql://db.example.test/app?sslmode={mode}")).SslMode);

    /// <summary>As hosts hand them out: Neon, Supabase, Prisma, DigitalOcean, Heroku, Render, Aiven, Google, and libpq's manual.</summary>
    [Theory]
    [InlineData("sslmode=require&channel_binding=require", "")]
    [InlineData("sslmode=require&options=endpoint%3Dep-cool-1", "")]
    [InlineData("target_session_attrs=read-write&connect_timeout=10&application_name=app", "")]
    [InlineData("sslnegotiation=direct&sslmode=require", "")]
    [InlineData("sslmode=verify-full&sslrootcert=system", "")]
    [InlineData("pgbouncer=true&connection_limit=1&pool_timeout=20", "pgbouncer, connection_limit, pool_timeout")]
    [InlineData("sslmode=no-verify&uselibpqcompat=true", "uselibpqcompat")]
    [InlineData("ssl=true", "")]
    [InlineData("schema=public", "schema")]
    [InlineData("connect_timeout=0", "connect_timeout")]
    [InlineData(
        "keepalives=1&keepalives_idle=30&tcp_user_timeout=5&load_balance_hosts=random&client_encoding=UTF8",
        "keepalives, keepalives_idle, tcp_user_timeout, load_balance_hosts, client_encoding")]
    [InlineData("gssencmode=disable", "")]
    [InlineData("require_auth=scram-sha-256", "")]
    [InlineData("krbsrvname=postgres", "")]
    [InlineData("passfile=%2Fnowhere", "")]
    [InlineData(
        "supa=base-pooler.x&fallback_application_name=x&sslcertmode=allow&sslsni=1",
        "supa, fallback_application_name, sslcertmode, sslsni")]
    public void Usual_parameters_of_a_database_URL_are_understood_and_ignored_ones_warned_of(string query, string ignored)
    {
        var settings = Settings();

        Assert.NotNull(PostgresConnectionString.Read(settings, $"postgresql://u:p@db.example.test/app?{query}"));
        settings.ThrowIfFaulty();
        if (ignored.Length == 0) Assert.Empty(settings.Warnings);
        else Assert.EndsWith($" are ignored: {ignored}.", Assert.Single(settings.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sslmode=no-verify", SslMode.Require)]
    [InlineData("ssl=true", SslMode.VerifyFull)]
    [InlineData("sslmode=require&sslrootcert=system", SslMode.VerifyFull)]
    [InlineData("sslrootcert=system&sslmode=require", SslMode.VerifyFull)]
    public void TLS_to_PostgreSQL_is_never_weaker_than_what_is_asked_for_T28(string query, SslMode expected) =>
        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(
            PostgresConnectionString.Read(Settings(), $"postgresql://db.example.test/app?{query}")).SslMode);

    [Fact]
    public void A_minimum_pool_size_above_the_default_maximum_raises_the_maximum() =>
        Assert.Equal((25, 25), new NpgsqlConnectionStringBuilder(PostgresConnectionString.Read(
            Settings(), "Host=h;Minimum Pool Size=25")) is var one ? (one.MinPoolSize, one.MaxPoolSize) : default);

    [Fact]
    public void A_query_of_a_Redis_address_is_ignored_with_a_warning()
    {
        var settings = Settings();

        Assert.Equal(2, RedisAddress.Read(settings, "redis://h:6379/2?family=0")!.DefaultDatabase);
        Assert.Contains("has a query or a fragment, which is not read", Assert.Single(settings.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_URL_of_several_hosts_looks_for_the_primary_F10() =>
        Assert.Equal("primary", new NpgsqlConnectionStringBuilder(
            PostgresConnectionString.Read(Settings(), "postgresql://one.test,two.test/app")).TargetSessionAttributes);

    [Fact]
    public void The_operators_maximum_pool_size_is_kept() =>
        Assert.Equal(
            7, new NpgsqlConnectionStringBuilder(PostgresConnectionString.Read(Settings(), "Host=x;Maximum Pool Size=7")).MaxPoolSize);

    private static SettingsReader Settings() => TestSettings.Reader();
}
