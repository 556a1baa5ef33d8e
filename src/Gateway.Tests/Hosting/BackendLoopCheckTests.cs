using System.Net;
using FathomGateway.Hosting.Listening;
using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FathomGateway.Tests.Hosting;

/// <summary>A gateway that is its own backend is not started.</summary>
public sealed class BackendLoopCheckTests
{
    [Theory]
    [InlineData("PORT", "http://localhost:15999")]
    [InlineData("PORT", "https://LOCALHOST:15999/api")]
    [InlineData("PORT", "http://127.0.0.1:15999")]
    [InlineData("PORT", "http://127.1.2.3:15999")]
    [InlineData("PORT", "http://[::1]:15999")]
    [InlineData("PORT", "http://[::ffff:127.0.0.1]:15999")]
    [InlineData("PORT", "http://0.0.0.0:15999")]
    [InlineData("PORT", "http://[::]:15999")]
    [InlineData("MANAGEMENT_PORT", "http://localhost:15999")]
    [InlineData("H2C_PORT", "http://127.0.0.1:15999")]
    public void A_BACKEND_URL_of_the_gateways_own_port_is_refused_with_the_ports_setting(string port, string backend)
    {
        var fault = Assert.Single(Faults((port, "15999"), ("BACKEND_URL", backend), ("PUBLIC_HOST", null), ("MANAGEMENT_HOST", "*")));

        Assert.Equal("BACKEND_URL", fault.Name);
        Assert.Contains($"({port})", fault.Remedy, StringComparison.Ordinal);
        Assert.Contains("address of your existing backend", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_of_this_machine_counts_as_the_gateways_own_address() =>
        Assert.Single(Faults(("PORT", "15999"), ("PUBLIC_HOST", null), ("BACKEND_URL", $"http://{Dns.GetHostName()}:15999")));

    [Fact]
    public void The_address_of_an_interface_counts_as_the_gateways_own_address()
    {
        var address = Dns.GetHostAddresses(Dns.GetHostName()).FirstOrDefault(one => !IPAddress.IsLoopback(one));
        Assert.SkipWhen(address is null, "This machine has no address but loopback.");

        Assert.Single(Faults(("PORT", "15999"), ("PUBLIC_HOST", null), ("BACKEND_URL", new UriBuilder("http", $"{address}",
            15999).Uri.AbsoluteUri)));
    }

    [Fact]
    public void A_listener_of_the_Kestrel_section_counts_as_the_gateways_own_address() =>
        Assert.Contains("Kestrel__Endpoints__X__Url", Assert.Single(Faults(("Kestrel:Endpoints:X:Url", "http://localhost:15999"),
            ("BACKEND_URL", "http://localhost:15999"))).Remedy, StringComparison.Ordinal);

    [Fact]
    public void A_destination_of_yarp_json_that_is_the_gateway_itself_is_refused_by_its_name()
    {
        const string Name = "ReverseProxy:Clusters:other:Destinations:one:Address";

        Assert.Equal(Name.Replace(":", "__", StringComparison.Ordinal), Assert.Single(Faults(("PORT", "15999"), (Name,
            "http://127.0.0.1:15999"))).Name);
    }

    [Theory]
    [InlineData("http://127.0.0.1:15998")]
    [InlineData("http://192.0.2.1:15999")]
    [InlineData("http://name-that-nobody-has.invalid:15999")]
    [InlineData("https://api.example.test")]
    public void A_backend_at_another_or_an_unresolvable_address_is_accepted(string backend) =>
        Assert.Empty(Faults(("PORT", "15999"), ("PUBLIC_HOST", null), ("BACKEND_URL", backend)));

    [Theory]
    [InlineData("127.0.0.2", "127.0.0.1", false)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("0.0.0.0", "127.0.0.1", true)]
    [InlineData("::1", "0.0.0.0", false)]
    [InlineData("::1", "::", true)]
    [InlineData("127.0.0.1", "::", true)]
    [InlineData("127.0.0.1", "::1", false)]
    public void A_listener_of_one_address_is_the_gateways_own_at_that_address_alone(string backend, string listener, bool reaches) =>
        Assert.Equal(reaches, BackendLoopCheck.Reaches(IPAddress.Parse(backend), new ListenerAddress("PORT", "PUBLIC_HOST",
            IPAddress.Parse(listener), 8080)));

    private static IReadOnlyList<SettingFault> Faults(params (string Name, string? Value)[] settings)
    {
        try
        {
            Program.Build(TestSettings.Configuration(TestSettings.Embedded(settings)), logging => logging.ClearProviders()).Dispose();
            return [];
        }
        catch (SettingsException failure)
        {
            return failure.Faults;
        }
    }
}
