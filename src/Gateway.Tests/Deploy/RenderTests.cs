using FathomGateway.Tests.Conventions;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace FathomGateway.Tests.Deploy;

/// <summary>
/// render.yaml, by the names and bounds of Render's Blueprint reference and by the rules that matter to the gateway. Render's own schema is
/// in no package.
/// </summary>
public sealed class RenderTests
{
    /// <summary>Ports that Render keeps for itself on its private network.</summary>
    private static readonly string[] Reserved = ["10000", "18012", "18013", "19099"];

    private static readonly string[] OfService =
    [
        "type", "name", "runtime", "plan", "region", "repo", "branch", "autoDeployTrigger", "dockerCommand", "dockerfilePath",
        "dockerContext", "image", "numInstances", "scaling", "domains",
        "healthCheckPath", "maxShutdownDelaySeconds", "buildFilter", "rootDir", "disk", "envVars", "ipAllowList", "maxmemoryPolicy",
    ];

    private static readonly string[] OfDatabase =
    [
        "name", "plan", "region", "databaseName", "user", "postgresMajorVersion", "diskSizeGB", "ipAllowList", "readReplicas",
        "highAvailability"
    ];

    private static readonly string[] OfVariable = ["key", "value", "generateValue", "sync", "fromService", "fromDatabase"];

    private static readonly YamlNode File = Yaml.Load("render.yaml");

    [Fact]
    public void Each_field_is_one_that_Render_documents()
    {
        Assert.Equal(["services", "databases"], File.Keys());
        Assert.Empty(File.At("services").Items().SelectMany(one => one.Keys()).Except(OfService));
        Assert.Empty(File.At("databases").Items().SelectMany(one => one.Keys()).Except(OfDatabase));
        Assert.Empty(Variables().SelectMany(one => one.Keys()).Except(OfVariable));
    }

    [Fact]
    public void The_gateway_on_Render_has_time_to_end_requests_and_is_in_the_region_of_its_stores()
    {
        Assert.Equal("40", File.Text("services/0/maxShutdownDelaySeconds")); // of 300 at most
        Assert.Single(File.At("services").Items().Concat(File.At("databases").Items()).Select(one => one.Text("region")).Distinct());
    }

    [Fact]
    public void Each_reference_in_render_yaml_names_something_that_exists()
    {
        var services = File.At("services").Items().Select(one => one.Text("name")).ToArray();
        var databases = File.At("databases").Items().Select(one => one.Text("name")).ToArray();

        Assert.All(
            Variables().Where(one => one.At("fromService") is not null), one => Assert.Contains(one.Text("fromService/name"), services));
        Assert.All(
            Variables().Where(one => one.At("fromDatabase") is not null), one => Assert.Contains(one.Text("fromDatabase/name"), databases));
        Assert.Equal("docker", File.Text("services/0/runtime"));
        Assert.True(System.IO.File.Exists(Path.Combine(Repository.Root, File.Text("services/0/dockerfilePath")!)));
        Assert.Equal(".", File.Text("services/0/dockerContext"));
    }

    [Fact]
    public void The_image_of_a_release_can_take_the_place_of_the_build()
    {
        var text = Installed.Read("render.yaml");
        var build = text[text.IndexOf("    runtime: docker\n", StringComparison.Ordinal)..].Split("    plan:")[0];
        var image = string.Concat(text.Split('\n').SkipWhile(line => line != "    #   runtime: image").Take(3)
            .Select(line => $"{line.Replace("#   ", "", StringComparison.Ordinal)}\n"));

        var service = Yaml.Parse(text.Replace(build, image, StringComparison.Ordinal)).At("services/0")!;

        Assert.Equal("image", service.Text("runtime"));
        Assert.Equal(["url"], service.At("image").Keys());
        Assert.Null(service.At("dockerfilePath"));
    }

    [Fact]
    public void Each_variable_has_one_source_and_no_secret_stands_in_the_file()
    {
        Assert.All(Variables(), one => Assert.Equal(2, one.Keys().Count()));
        Assert.Equal(
            ["MANAGEMENT_HOST", "MANAGEMENT_PORT", "TRUSTED_PROXIES"],
            Variables().Where(one => one.Text("value") is not null).Select(one => one.Text("key")));
    }

    [Fact]
    public void The_stores_keep_everything_and_are_reached_from_the_private_network_alone()
    {
        Assert.Equal("noeviction", File.Text("services/1/maxmemoryPolicy"));
        Assert.IsType<YamlSequenceNode>(File.At("services/1/ipAllowList"));
        Assert.Empty(File.At("services/1/ipAllowList").Items().Concat(File.At("databases/0/ipAllowList").Items()));
    }

    [Fact]
    public void The_backend_reaches_the_internal_listener_on_a_port_that_Render_lets_through()
    {
        Assert.Equal("*", Variables().Single(one => one.Text("key") == "MANAGEMENT_HOST").Text("value"));
        Assert.DoesNotContain(Variables().Single(one => one.Text("key") == "MANAGEMENT_PORT").Text("value"), Reserved);
        Assert.Contains(Variables(), one => one.Text("key") == "INTERNAL_API_KEY" && one.Text("generateValue") == "true");
    }

    [Fact]
    public void No_health_check_path_is_set_on_Render_because_the_backend_would_answer_it() =>
        Assert.Null(File.At("services/0/healthCheckPath"));

    [Fact]
    public void The_Render_blueprint_trusts_Renders_proxies_and_no_other_address()
    {
        var networks = Variables().Single(one => one.Text("key") == "TRUSTED_PROXIES").Text("value")!.Split(',')
            .Select(text => System.Net.IPNetwork.Parse(text))
            .ToArray();

        Assert.All(
            (string[])["10.201.3.4", "172.71.9.9", "162.158.1.1", "2400:cb00::1"],
            proxy => Assert.Contains(networks, network => network.Contains(System.Net.IPAddress.Parse(proxy))));
        Assert.DoesNotContain(networks, network => network.Contains(System.Net.IPAddress.Parse("203.0.113.9")));
    }

    private static YamlNode[] Variables() => [.. File.At("services/0/envVars").Items()];
}
