namespace FathomGateway;

/// <summary>The composition of the gateway: which rooms there are and in which order a request meets them.</summary>
public static class Program
{
    public static Task<int> Main(string[] args) => Task.FromResult(0);

    /// <summary>Builds the gateway from a finished configuration.</summary>
    public static IHost Build(IConfiguration configuration) => new HostBuilder().ConfigureAppConfiguration(c => c.AddConfiguration(configuration)).Build();
}
