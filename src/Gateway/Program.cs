using FathomGateway.Audit;
using FathomGateway.Cli;
using FathomGateway.Cli.Doctor;
using FathomGateway.Connect;
using FathomGateway.Events;
using FathomGateway.Fathom;
using FathomGateway.Hosting;
using FathomGateway.Hosting.Kestrel;
using FathomGateway.Hosting.Listening;
using FathomGateway.Internal;
using FathomGateway.Keys;
using FathomGateway.Limits;
using FathomGateway.Proxy;
using FathomGateway.Settings;
using FathomGateway.State;
using FathomGateway.Telemetry;
using FathomGateway.Tokens;
using FathomGateway.Users;

namespace FathomGateway;

/// <summary>The composition of the gateway: which features are registered, and the order of the middleware.</summary>
public static class Program
{
    public static Task<int> Main(string[] args)
    {
        SocketCompletionMode.Prepare();
        return CommandLine.RunAsync(args, GatewayConfiguration.Load, Build);
    }

    /// <summary>Builds the gateway from a finished configuration.</summary>
    /// <exception cref="SettingsException">The configuration cannot be used; the message lists every fault.</exception>
    public static IHost Build(IConfiguration configuration, Action<ILoggingBuilder>? logging = null)
    {
        var settings = new SettingsReader(configuration);
        var stores = StoreChoice.Read(settings);
        return new HostBuilder().UseHosting(settings, logging).ConfigureWebHost(web => web
            .UseListeners(settings)
            .ConfigureServices(services => services
                .AddTelemetry(settings)
                .AddAudit()
                .AddUsers(settings)
                .AddFathom(settings)
                .AddState(settings, stores)
                .AddTokens(settings, stores)
                .AddDoctor(settings, stores)
                .AddEvents(settings)
                .AddConnect(settings)
                .AddInternal(settings)
                .AddProxy(settings)
                .AddKeys(settings, stores)
                .AddLimits(settings))
            .Configure(app => app
                .Use(ConflictingContentLength.EndOfHead)
                .UseAccessLog(settings)
                .UseInternal() // Handles every request of the internal listener.
                .UseRequestAdmission() // Refuses requests beyond the limits of connections and memory.
                .UseConnect() // Handles the gateway's own public routes.
                .UseInlineCompletions().UseProxy()), // Forwards all other requests unchanged.
                options => options.SuppressEnvironmentConfiguration = true)
            .FinishHosting(settings)
            .Build();
    }
}
