using FathomGateway.Settings;

namespace FathomGateway.Hosting;

/// <summary>The sources of the configuration of a serving gateway. Later sources override earlier ones.</summary>
internal static class GatewayConfiguration
{
    /// <summary>
    /// Reads <c>appsettings.json</c>, <c>appsettings.{environment}.json</c> and <c>yarp.json</c> beside the program, then the same files in
    /// the working directory, then environment variables.
    /// </summary>
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
