using System.Text.RegularExpressions;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Deploy;

/// <summary>The variables that the files set are the ones that the gateway reads.</summary>
[Trait("Speed", "Slow")]
public sealed partial class VariablesTests(RealStores stores)
{
    private static readonly string Code =
        string.Concat(Directory.EnumerateFiles(Repository.Gateway, "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

    // What the PostgreSQL image and the .NET host read, and the key of internal routes that come with those.
    private static readonly string[] Others =
    [
        "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "DOTNET_CLI_TELEMETRY_OPTOUT", "DOTNET_NOLOGO"
    ];

    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("render.yaml")]
    [InlineData("deploy/kubernetes/deployment.yaml")]
    [InlineData("deploy/kubernetes/configmap.yaml")]
    [InlineData("deploy/kubernetes/secret.example.yaml")]
    [InlineData("deploy/systemd/fathom-gateway.service")]
    public void Each_variable_of_a_deployment_file_is_one_that_the_gateway_reads(string file)
    {
        var names = Name().Matches(Installed.Read(file)).Select(match => match.Groups[1].Value).Distinct()
            .Except(Others)
                .Where(name => !name.StartsWith("DOTNET_", StringComparison.Ordinal) && !name.StartsWith("AF_", StringComparison.Ordinal))
            .Select(name => name.EndsWith("_FILE", StringComparison.Ordinal) ? name[..^5] : name).ToArray();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.True(Code.Contains($"\"{name}\"", StringComparison.Ordinal), $"nothing reads {name}"));
    }

    [Fact]
    public void Each_sample_setting_of_the_systemd_unit_is_one_that_the_gateway_reads()
    {
        var names = Installed.Read("deploy", "systemd", "settings.example").Split('\n')
            .Where(line => line.Contains('=', StringComparison.Ordinal)).Select(line => line.Split('=')[0]);

        Assert.All(names, name => Assert.Contains($"\"{name}\"", Code, StringComparison.Ordinal));
    }

    /// <summary>Their defaults suit few apps: who runs the gateway should see both, and choose.</summary>
    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("render.yaml")]
    [InlineData("deploy/kubernetes/configmap.yaml")]
    [InlineData("deploy/systemd/settings.example")]
    public void Each_deployment_names_the_provider_and_the_binding(string file)
    {
        foreach (var name in (string[])["FATHOM_PROVIDER", "LINK_BINDING"])
        {
            Assert.Matches($"(?m)^ *(- key: )?{name}\\b", Installed.Read(file));
        }
    }

    [Fact]
    public async Task A_gateway_with_its_secrets_in_files_becomes_ready()
    {
        var folder = TempFolder.Create("secrets");
        var settings =
            TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync(), ("ASPNETCORE_ENVIRONMENT", null));
        foreach (var name in Yaml.Load("deploy/kubernetes/secret.example.yaml").At("stringData").Keys())
        {
            var file = Path.Combine(folder, name);
            await File.WriteAllTextAsync(file, settings[name] + "\n");
            settings.Remove(name);
            settings[$"{name}_FILE"] = file;
        }

        await using var gateway = await GatewayProcess.StartAsync(settings);

        await Readiness.OfStoresAsync(gateway.InternalClient);
    }

    // NAME: value, key: NAME, name: NAME, and NAME=value after "Environment=" or a blank.
    [GeneratedRegex(@"(?:^\s+|key: |name: |Environment=| )([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|PORT)(?::|=|$)", RegexOptions.Multiline)]
    private static partial Regex Name();
}
