using FathomGateway.Settings;

namespace FathomGateway.Hosting;

/// <summary>Where the configuration of a served gateway comes from; later sources win.</summary>
internal static class GatewayConfiguration
{
    /// <summary><c>appsettings.json</c>, <c>appsettings.{environment}.json</c> and <c>yarp.json</c> beside the app, then the same names in the working directory, then environment variables.</summary>
    public static IConfiguration Load()
    {
        var builder = new ConfigurationBuilder();
        var environment = new SettingsReader(new ConfigurationBuilder().AddEnvironmentVariables().Build()).Environment;
        foreach (var directory in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() }.Select(Path.GetFullPath).Distinct())
        {
            foreach (var file in (ReadOnlySpan<string>)["yarp.json", "appsettings.json", $"appsettings.{environment}.json"])
            {
                builder.AddJsonFile(Path.Combine(directory, file), optional: true, reloadOnChange: false);
            }
        }

        return builder.AddEnvironmentVariables().Build();
    }
}
