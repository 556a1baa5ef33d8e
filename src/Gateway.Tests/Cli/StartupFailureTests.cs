using System.Net.Sockets;
using FathomGateway.Tests.Hosting;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>A listener that cannot be bound ends the start with one message and nothing else.</summary>
[Trait("Speed", "Slow")]
public sealed class StartupFailureTests
{
    private const string Url = "Kestrel__Endpoints__X__Url", Certificate = "Kestrel__Endpoints__X__Certificate__";

    [Theory]
    [InlineData(Certificate + "KeyPath", "", Certificate + "KeyPath")]
    [InlineData(Certificate + "KeyPath", "/nowhere/k.pem", Certificate + "KeyPath")]
    [InlineData(Certificate + "Path", "/nowhere/c.pfx", Certificate + "Path")]
    [InlineData(Certificate + "Password", "secret-password", Certificate + "KeyPath")]
    [InlineData("Kestrel__Endpoints__X__Protocols", "Http9", "Kestrel__Endpoints__X__Protocols")]
    [InlineData(Url, "nonsense", Url)]
    [InlineData(Url, "https://192.0.2.1:15996", Url)]
    [InlineData("PUBLIC_HOST", "192.0.2.1", "PUBLIC_HOST")]
    [InlineData("MANAGEMENT_HOST", "2001:db8::1", "MANAGEMENT_HOST")]
    [InlineData("BACKEND_URL", "http://localhost:15997", "BACKEND_URL")]
    public async Task A_start_names_a_setting_that_the_server_cannot_use(string name, string value, string named)
    {
        var pem = Pem.Create();
        var settings = TestSettings.Embedded(
            ("ASPNETCORE_ENVIRONMENT", "Production"), ("PORT", $"{FreePort.Next()}"), ("H2C_PORT", "15997"),
            (Url, "https://127.0.0.1:0"), (Certificate + "Path", pem.Certificate), (Certificate + "KeyPath", pem.Key));
        if (name == "PUBLIC_HOST") settings["H2C_PORT"] = null;
        settings[name] = value;

        AssertTold(await GatewayProcess.RunAsync([], settings), named);
    }

    [Theory]
    [InlineData("PORT")]
    [InlineData("MANAGEMENT_PORT")]
    [InlineData("H2C_PORT")]
    public async Task A_start_names_a_port_that_is_taken(string name)
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();

        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        AssertTold(await GatewayProcess.RunAsync([], TestSettings.Embedded((name, $"{port}"))), name);
    }

    [Fact]
    public async Task A_start_names_a_port_that_only_root_may_open()
    {
        Assert.SkipUnless(
            Programs.IsOnPath("setpriv") && Environment.IsPrivilegedProcess, "Needs root, to give its rights up, and setpriv.");
        var settings = TestSettings.Embedded(("PORT", "81"));
        await using var gateway = GatewayCommand.Start([], settings,
            shell: "set -- setpriv --bounding-set=-net_bind_service --inh-caps=-net_bind_service \"$@\"");

        AssertTold((await gateway.ExitCodeAsync(TimeSpan.FromSeconds(60)), gateway.Output, gateway.Errors), "PORT");
    }

    private static void AssertTold((int ExitCode, string Output, string Errors) end, string named)
    {
        Assert.True(end.ExitCode == 78, $"{end.ExitCode}: {end.Output}\n{end.Errors}");
        Assert.Contains($"\n  {named} ", end.Errors, StringComparison.Ordinal);
        Assert.StartsWith("The gateway cannot start: 1 setting needs attention.", end.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Output + end.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", end.Output + end.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-password", end.Output + end.Errors, StringComparison.Ordinal);
    }
}
