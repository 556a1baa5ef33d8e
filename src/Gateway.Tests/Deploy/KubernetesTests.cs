using FathomGateway.Tests.Conventions;
using Xunit;
using YamlDotNet.RepresentationModel;
using k8s;
using k8s.Models;

namespace FathomGateway.Tests.Deploy;

/// <summary>
/// The manifests of deploy/kubernetes, read into the types of Kubernetes' own client: an unknown field or a wrong type is an error.
/// </summary>
public sealed class KubernetesTests
{
    private const string Folder = "deploy/kubernetes";

    private static readonly V1Deployment Deployment = Read<V1Deployment>("deployment.yaml");
    private static readonly V1PodSpec Pod = Deployment.Spec.Template.Spec;
    private static readonly V1Container Gateway = Pod.Containers.Single();

    [Theory]
    [InlineData("namespace.yaml", typeof(V1Namespace))]
    [InlineData("configmap.yaml", typeof(V1ConfigMap))]
    [InlineData("secret.example.yaml", typeof(V1Secret))]
    [InlineData("deployment.yaml", typeof(V1Deployment))]
    [InlineData("service.yaml", typeof(V1Service))]
    [InlineData("service-internal.yaml", typeof(V1Service))]
    [InlineData("network-policy.yaml", typeof(V1NetworkPolicy))]
    [InlineData("disruption-budget.yaml", typeof(V1PodDisruptionBudget))]
    [InlineData("autoscaler.yaml", typeof(V2HorizontalPodAutoscaler))]
    public void Each_Kubernetes_manifest_has_only_the_fields_of_its_kind(string file, Type kind)
    {
        var read = Assert.Single(KubernetesYaml.LoadAllFromString(Installed.Read(Folder, file), strict: true));

        Assert.IsType(kind, read);
    }

    [Fact]
    public void An_unknown_field_in_a_Kubernetes_manifest_is_an_error() => Assert.ThrowsAny<Exception>(
        () => KubernetesYaml.LoadAllFromString(
            Installed.Read(Folder, "deployment.yaml").Replace("readinessProbe", "readynessProbe", StringComparison.Ordinal), strict: true));

    [Fact]
    public void The_kustomization_has_every_manifest_but_the_example()
    {
        var listed = Yaml.Load(Folder, "kustomization.yaml").At("resources").Items().Select(one => ((YamlScalarNode)one).Value!);
        var there = Directory.GetFiles(Path.Combine(Repository.Root, Folder))
            .Select(path => Path.GetFileName(path))
            .Except(["kustomization.yaml", "secret.example.yaml"]);

        Assert.Equal(there.Order(), listed.Order());
    }

    [Fact]
    public async Task Kustomize_builds_the_Kubernetes_manifests()
    {
        var (exitCode, said) = await Installed.RunAsync("kubectl", "kustomize", Folder);

        Assert.True(exitCode == 0, said);
        var image = Yaml.Load(Folder, "kustomization.yaml").At("images/0")!;
        Assert.Contains($"image: {image.Text("newName")}:{image.Text("newTag")}\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_probes_ask_the_internal_listener()
    {
        V1Probe[] probes = [Gateway.StartupProbe, Gateway.LivenessProbe, Gateway.ReadinessProbe];

        Assert.All(probes, probe => Assert.Equal("internal", probe.HttpGet.Port.Value));
        Assert.Equal(["/health/live", "/health/live", "/health/ready"], probes.Select(probe => probe.HttpGet.Path));
        Assert.Equal(8081, Gateway.Ports.Single(port => port.Name == "internal").ContainerPort);
    }

    [Fact]
    public void The_pod_has_no_rights_that_it_does_not_need_T38()
    {
        Assert.True(Pod.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", Pod.SecurityContext.SeccompProfile.Type);
        Assert.False(Pod.AutomountServiceAccountToken);
        Assert.True(Gateway.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(Gateway.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], Gateway.SecurityContext.Capabilities.Drop);
    }

    [Fact]
    public void A_pod_that_ends_has_the_time_for_the_requests_under_way() =>
        Assert.True(Pod.TerminationGracePeriodSeconds >= 30 + Gateway.Lifecycle.PreStop.Sleep.Seconds);

    [Fact]
    public void No_secret_stands_in_an_environment_or_in_the_example_T38()
    {
        var secrets = Read<V1Secret>("secret.example.yaml").StringData;

        Assert.All(secrets.Values, value => Assert.Equal("", value));
        foreach (var name in secrets.Keys) Assert.Equal($"/secrets/{name}", Gateway.Env.Single(one => one.Name == $"{name}_FILE").Value);
        Assert.DoesNotContain(Gateway.Env, one => secrets.ContainsKey(one.Name));
    }

    [Fact]
    public void Every_Kubernetes_selector_matches_the_pods()
    {
        var labels = Deployment.Spec.Template.Metadata.Labels;
        IDictionary<string, string>[] selectors =
        [
            Deployment.Spec.Selector.MatchLabels, Read<V1Service>("service.yaml").Spec.Selector,
            Read<V1Service>("service-internal.yaml").Spec.Selector,
            Read<V1NetworkPolicy>("network-policy.yaml").Spec.PodSelector.MatchLabels,
            Read<V1PodDisruptionBudget>("disruption-budget.yaml").Spec.Selector.MatchLabels,
            .. Pod.TopologySpreadConstraints.Select(spread => spread.LabelSelector.MatchLabels),
        ];

        Assert.All(selectors, selector => Assert.Equal(labels, selector));
        Assert.Equal(Deployment.Metadata.Name, Read<V2HorizontalPodAutoscaler>("autoscaler.yaml").Spec.ScaleTargetRef.Name);
    }

    [Fact]
    public void The_client_of_the_internal_port_is_selected_by_pod_and_namespace()
    {
        var peer = Assert.Single(Assert.Single(Policy.Ingress, rule => rule.Ports.Any(port => port.Port.Value == "internal")).FromProperty);

        Assert.Equal("true", peer.NamespaceSelector.MatchLabels["fathom-gateway/internal"]);
        Assert.Equal("true", peer.PodSelector.MatchLabels["fathom-gateway/internal"]);
    }

    [Fact]
    public void The_gateway_gets_out_to_what_it_needs_and_not_to_the_credentials_of_the_cloud()
    {
        Assert.Contains("Egress", Policy.PolicyTypes);
        Assert.Equal(
            ["53", "53", "443", "5432", "6379"], Policy.Egress.SelectMany(rule => rule.Ports ?? []).Select(port => port.Port.Value));
        var everywhere = Policy.Egress.SelectMany(rule => rule.To).Single(to => to.IpBlock?.Cidr == "0.0.0.0/0");
        Assert.Contains("169.254.0.0/16", everywhere.IpBlock.Except);
        Assert.All(Policy.Egress, rule => Assert.NotEmpty(rule.To));
    }

    [Fact]
    public void The_Kubernetes_config_map_names_the_trusted_proxies() => Assert.NotEmpty(
        Read<V1ConfigMap>("configmap.yaml").Data["TRUSTED_PROXIES"].Split(',').Select(text => System.Net.IPNetwork.Parse(text)));

    private static V1NetworkPolicySpec Policy => Read<V1NetworkPolicy>("network-policy.yaml").Spec;

    private static T Read<T>(string file) => KubernetesYaml.Deserialize<T>(Installed.Read(Folder, file), strict: true);
}
