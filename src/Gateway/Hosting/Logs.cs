using FathomGateway.Settings;
using Microsoft.Extensions.Logging.Console;

namespace FathomGateway.Hosting;

/// <summary>Logging: one line an event; JSON in Production, readable elsewhere.</summary>
internal static class Logs
{
    /// <param name="more">Further providers of whoever hosts the gateway, or null.</param>
    public static void Configure(ILoggingBuilder logging, SettingsReader settings, Action<ILoggingBuilder>? more)
    {
        // The framework's own news about every request is noise, and costs each proxied one; the configuration can ask for it.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Yarp", LogLevel.Warning);
        // Forty lines for each connection; State says in one what an operator needs.
        logging.AddFilter("StackExchange.Redis", LogLevel.Warning);
        logging.AddConfiguration(settings.Configuration.GetSection("Logging"));
        logging.AddConsole(console =>
        {
            console.FormatterName = settings.IsProduction ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
            // Whoever reads the log and has stopped must not stop every request that has something to say: lines are dropped, and the log says how many.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        logging.AddSimpleConsole(simple => simple.SingleLine = true);
        more?.Invoke(logging);
        logging.Services.AddSingleton<LoggerFactory>();
        logging.Services.AddSingleton<ILoggerFactory, DiscreetLoggerFactory>();
    }
}
