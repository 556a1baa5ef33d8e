using System.Text.RegularExpressions;
using FathomGateway.Tests.Conventions;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace FathomGateway.Tests.Deploy;

/// <summary>docker-compose.yml.</summary>
[Trait("Speed", "Slow")]
public sealed partial class ComposeTests
{
    private static readonly YamlNode File = Yaml.Load("docker-compose.yml");

    [Theory]
    [InlineData("config", "--quiet")]
    [InlineData("--profile", "sandbox", "config", "--quiet")]
    public async Task Docker_Compose_accepts_docker_compose_yml(params string[] arguments)
    {
        var (exitCode, said) = await Installed.RunAsync("docker-compose", arguments);

        Assert.True(exitCode == 0, said);
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("redis")]
    [InlineData("postgres")]
    public void Each_Compose_service_has_a_health_check(string part) => Assert.NotNull(File.At($"services/{part}/healthcheck/test"));

    [Fact]
    public void Several_gateways_can_run_because_only_haproxy_publishes_a_port()
    {
        var publishers = File.At("services").Keys().Where(name => File.At($"services/{name}/ports") is not null);

        Assert.Equal(["haproxy"], publishers);
        Assert.Null(File.At("services/gateway/container_name"));
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("haproxy")]
    [InlineData("redis")]
    [InlineData("postgres")]
    [InlineData("sandbox")]
    public void Each_Compose_service_runs_read_only_without_privileges_and_with_a_memory_limit(string part)
    {
        Assert.Equal("true", File.Text($"services/{part}/read_only"));
        Assert.Equal("ALL", File.Text($"services/{part}/cap_drop/0"));
        Assert.Equal("no-new-privileges:true", File.Text($"services/{part}/security_opt/0"));
        Assert.Matches("^[0-9]+[mg]$", File.Text($"services/{part}/mem_limit"));
    }

    [Fact]
    public void The_gateways_alone_reach_the_stores_and_the_stores_reach_nothing()
    {
        var reaching = File.At("services").Keys().Where(name => Networks(name).Contains("stores"));

        Assert.Equal(["gateway", "redis", "postgres"], reaching);
        Assert.Equal(["stores"], Networks("redis").Union(Networks("postgres")));
        Assert.Equal(["front"], Networks("haproxy"));
        Assert.Equal("true", File.Text("networks/stores/internal"));
    }

    [Fact]
    public void The_gateway_trusts_the_network_of_the_proxy_in_front() =>
        Assert.Equal(
            $"${{TRUSTED_PROXIES:-{File.Text("networks/front/ipam/config/0/subnet")}}}",
            File.Text("services/gateway/environment/TRUSTED_PROXIES"));

    [Fact]
    public void No_password_stands_in_docker_compose_yml() =>
        Assert.Equal("${POSTGRES_PASSWORD:-}", File.Text("services/postgres/environment/POSTGRES_PASSWORD"));

    [Theory]
    [InlineData("gateway")]
    [InlineData("haproxy")]
    public void The_Compose_services_on_the_path_of_requests_have_time_to_end_them(string part) =>
        Assert.Equal("40s", File.Text($"services/{part}/stop_grace_period"));

    /// <summary>A variable in .env that the file does not hand on would be set, and without effect.</summary>
    [Theory]
    [InlineData(
        "The provider",
        "FATHOM_PKCE,FATHOM_CLIENT_AUTH,FATHOM_TOKEN_BUDGET,FATHOM_AUTHORIZE_URL,FATHOM_TOKEN_URL,FATHOM_REVOKE_URL,FATHOM_API_URL")]
    [InlineData("The app in front and behind", "")]
    [InlineData("The users' JWTs", "")]
    public void Each_setting_that_an_installation_may_need_is_passed_on_by_Compose(string section, string presets)
    {
        var documented = Names().Matches(Installed.Read("docs", "settings.md").Split($"## {section}\n")[1].Split("\n## ")[0])
            .Select(match => match.Groups[1].Value)
            .Except(presets.Split(','));

        Assert.NotEmpty(documented);
        Assert.All(documented, name => Assert.Equal($"${{{name}:-}}", File.Text($"services/gateway/environment/{name}")));
    }

    [Fact]
    public void Redis_evicts_no_state() =>
        Assert.Contains("noeviction", File.At("services/redis/command").Items().Select(word => ((YamlScalarNode)word).Value));

    [Fact]
    public void HAProxy_gets_the_configuration_that_the_tests_run()
    {
        var mount = File.Text("services/haproxy/volumes/0")!.Split(':');

        Assert.True(System.IO.File.Exists(Path.Combine(Repository.Root, mount[0])), mount[0]);
        Assert.Equal("ro", mount[2]);
    }

    [Fact]
    public void Each_Compose_build_target_is_a_stage_of_the_Dockerfile()
    {
        foreach (var service in File.At("services").Keys())
            if (File.Text($"services/{service}/build/target") is { } target)
                Assert.Contains($" AS {target}\n", Installed.Read("Dockerfile"), StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Networks(string part) =>
        File.At($"services/{part}/networks")?.Items().Select(one => ((YamlScalarNode)one).Value) ?? [];

    // In the first column of the tables.
    [GeneratedRegex(@"(?<=^\| [^|]*)`([A-Z][A-Z0-9_]+)`", RegexOptions.Multiline)]
    private static partial Regex Names();
}
