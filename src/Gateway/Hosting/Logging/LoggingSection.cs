using FathomGateway.Hosting.Listening;
using FathomGateway.Settings;

namespace FathomGateway.Hosting.Logging;

/// <summary>
/// Validates the log levels before the framework reads them. The framework would report only the first fault, and show its value.
/// </summary>
internal static class LoggingSection
{
    private const string Levels = "LogLevel";

    public static void Check(SettingsReader settings)
    {
        var logging = settings.Configuration.GetSection("Logging");
        // The levels of all providers, and of single ones.
        foreach (var levels in logging.GetChildren().Select(one => one.GetSection(Levels)).Prepend(logging.GetSection(Levels)))
        {
            foreach (var category in levels.GetChildren()) Check(settings, category);
        }
    }

    private static void Check(SettingsReader settings, IConfigurationSection category)
    {
        if (category.Value is not { Length: > 0 } level || Enum.GetNames<LogLevel>().Contains(level, StringComparer.OrdinalIgnoreCase))
        {
            return;
        }

        settings.Fault(KestrelSection.Name(category), $"is no log level: use {string.Join(", ", Enum.GetNames<LogLevel>())}.");
    }
}
