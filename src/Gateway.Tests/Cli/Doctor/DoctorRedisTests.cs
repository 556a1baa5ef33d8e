using FathomGateway.Tests.Fathom;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>Each way in which Redis can be broken, found by one look, with its remedy.</summary>
[Trait("Speed", "Slow")]
public sealed class DoctorRedisTests : IAsyncLifetime
{
    private const HealthStatus Sound = HealthStatus.Healthy, Works = HealthStatus.Degraded, Broken = HealthStatus.Unhealthy;

    private RedisServer _redis = null!;

    [Fact]
    public async Task The_doctor_saves_redeems_and_settles_a_state_in_a_sound_Redis()
    {
        await Examination.FindsRedisAsync(
            _redis.ConnectionString, Sound, "saved, redeemed and settled", "GETDEL", "noeviction", "snapshots or none");

        // Nothing is left without an end.
        foreach (var key in (await _redis.CommandAsync("KEYS", "*")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.InRange(int.Parse(await _redis.CommandAsync("TTL", key), System.Globalization.CultureInfo.InvariantCulture), 0, 600);
        }
    }

    [Theory]
    [InlineData("redis://127.0.0.1:9", "refuses the connection")]
    [InlineData("redis://nobody.invalid", "unknown host name (DNS)")]
    [InlineData("127.0.0.1:9,password=p-canary", "refuses the connection")]
    public Task The_doctor_finds_a_Redis_address_where_no_server_listens(string url, string finding) =>
        Examination.FindsRedisAsync(url, Broken, finding, "REDIS_URL", "proxying goes on");

    [Theory]
    [InlineData("", "wants a password")]
    [InlineData(":wrong@", "refuses user or password")]
    [InlineData("somebody:right@", "refuses user or password")]
    public async Task The_doctor_finds_a_missing_or_wrong_Redis_password(string credentials, string finding)
    {
        await _redis.CommandAsync("CONFIG", "SET", "requirepass", "right");

        await Examination.FindsRedisAsync($"redis://{credentials}127.0.0.1:{_redis.Port}", Broken, finding, "REDIS_URL");
        await Examination.FindsRedisAsync($"redis://:right@127.0.0.1:{_redis.Port}", Sound);
    }

    [Fact]
    public async Task The_doctor_finds_a_server_that_is_no_Redis()
    {
        await using var silent = RawServer.Start(RawResponse.Silence);
        await using var postgres = await PostgresServer.StartAsync();

        await Examination.FindsRedisAsync($"redis://127.0.0.1:{silent.Address.Port}", Broken, "does not answer");
        await Examination.FindsRedisAsync($"redis://127.0.0.1:{postgres.Port}", Broken, "Redis ");
    }

    [Fact]
    public async Task The_doctor_finds_a_wrong_Redis_scheme_and_an_untrusted_certificate()
    {
        using var certificates = new Certificates();
        var (certificate, folder, tlsPort) = (certificates.Make("none"), TempFolder.Create("tls"), FreePort.Next());
        var (file, key) = (Path.Combine(folder, "redis.crt"), Path.Combine(folder, "redis.key"));
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(key, System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(
            certificate)!.ExportPkcs8PrivateKeyPem());
        await using var both = await RedisServer.StartAsync(
            "--tls-port", $"{tlsPort}", "--tls-cert-file", file, "--tls-key-file", key, "--tls-ca-cert-file", file, "--tls-auth-clients",
            "no");

        await Examination.FindsRedisAsync($"rediss://127.0.0.1:{both.Port}", Broken, "write redis:// instead of rediss://");
        await Examination.FindsRedisAsync($"redis://127.0.0.1:{tlsPort}", Broken, "write rediss:// instead of redis://");
        await Examination.FindsRedisAsync($"rediss://localhost:{tlsPort}", Broken, "a certificate that this machine does not trust");
    }

    [Fact]
    public Task The_doctor_finds_a_Redis_database_number_that_does_not_exist() =>
        Examination.FindsRedisAsync($"{_redis.ConnectionString}/99", Broken, "no database of that number");

    [Fact]
    public async Task The_doctor_finds_a_read_only_Redis_replica()
    {
        await _redis.CommandAsync("REPLICAOF", "127.0.0.1", "1");
        await Examination.FindsRedisAsync(_redis.ConnectionString, Broken, "a read-only replica", "primary");
    }

    [Fact]
    public async Task The_doctor_finds_a_full_Redis()
    {
        await _redis.CommandAsync("CONFIG", "SET", "maxmemory", "1");
        await Examination.FindsRedisAsync(_redis.ConnectionString, Broken, "is full", "maxmemory");
        Assert.Equal(
            HealthStatus.Degraded,
            (await Examination.OfAsync("connect", TestSettings.Embedded(("REDIS_URL", _redis.ConnectionString)))).Status);
    }

    [Fact]
    public async Task The_doctor_warns_of_a_Redis_eviction_policy_that_loses_states()
    {
        await _redis.CommandAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        await Examination.FindsRedisAsync(_redis.ConnectionString, Works, "allkeys-lru", "set maxmemory-policy noeviction");
    }

    [Fact]
    public async Task The_doctor_finds_a_Redis_that_is_still_loading()
    {
        await _redis.CommandAsync("DEBUG", "POPULATE", "100000");
        await _redis.CommandAsync("CONFIG", "SET", "loading-process-events-interval-bytes", "1024");
        await _redis.CommandAsync("CONFIG", "SET", "key-load-delay", "2000");
        var reload = _redis.CommandAsync("DEBUG", "RELOAD");
        await Eventually.BecomesTrueAsync(
            async () => (await _redis.CommandAsync("INFO", "persistence")).Contains("loading:1", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            "Redis is loading");

        await Examination.FindsRedisAsync(_redis.ConnectionString, Broken, "still loading");
        _redis.Kill();
        await Record.ExceptionAsync(() => reload);
    }

    [Theory]
    [InlineData("-eval", Broken, "+@scripting")]
    [InlineData("-set", Broken, "+@write")]
    [InlineData("-getdel", Sound, "saved, redeemed and settled")]
    [InlineData("-info", Sound, "unknown")]
    public async Task The_doctor_finds_a_Redis_user_without_the_rights_that_are_needed(string rule, HealthStatus status, string finding)
    {
        await _redis.CommandAsync("ACL", "SETUSER", "some", "on", ">p-canary", "~fathom:*", "&*", "+@all", rule);
        await Examination.FindsRedisAsync($"redis://some:p-canary@127.0.0.1:{_redis.Port}", status, finding);
    }

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync() => await _redis.DisposeAsync();
}
