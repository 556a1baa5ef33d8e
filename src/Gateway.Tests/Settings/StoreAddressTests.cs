using FathomGateway.Settings;
using FathomGateway.State;
using FathomGateway.Tokens;
using Microsoft.Extensions.Configuration;
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
    public void A_database_address_is_understood(string text, string host, int port, string database, string? user, string? password)
    {
        var builder = new NpgsqlConnectionStringBuilder(DatabaseAddress.Read(Settings(), text));

        Assert.Equal((host, port, database, user, password), (builder.Host, builder.Port, builder.Database, builder.Username, builder.Password));
        Assert.Equal((20, 3, 5), (builder.MaxPoolSize, builder.Timeout, builder.CommandTimeout));
    }

    [Theory]
    [InlineData("verify-full", SslMode.VerifyFull)]
    [InlineData("require", SslMode.Require)]
    [InlineData("disable", SslMode.Disable)]
    public void The_TLS_mode_of_a_database_URL_is_kept_T28(string mode, SslMode expected) =>
        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(DatabaseAddress.Read(Settings(), $"postgresql://db.example.test/app?sslmode={mode}")).SslMode);

    [Fact]
    public void Of_several_hosts_the_primary_is_looked_for_F10() =>
        Assert.Equal("primary", new NpgsqlConnectionStringBuilder(DatabaseAddress.Read(Settings(), "postgresql://one.test,two.test/app")).TargetSessionAttributes);

    [Fact]
    public void What_the_operator_says_about_the_pool_stands() =>
        Assert.Equal(7, new NpgsqlConnectionStringBuilder(DatabaseAddress.Read(Settings(), "Host=x;Maximum Pool Size=7")).MaxPoolSize);

    private static SettingsReader Settings() => new(new ConfigurationBuilder().Build());
}
