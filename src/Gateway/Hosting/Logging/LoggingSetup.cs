using System.Text.Encodings.Web;
using System.Text.Json;
using FathomGateway.Settings;
using Microsoft.Extensions.Logging.Console;

namespace FathomGateway.Hosting.Logging;

/// <summary>Logging: one line an event; JSON in Production, readable elsewhere.</summary>
internal static class LoggingSetup
{
    /// <param name="more">Further providers of whoever hosts the gateway, or null.</param>
    public static void Configure(ILoggingBuilder logging, SettingsReader settings, Action<ILoggingBuilder>? more)
    {
        LoggingSection.Check(settings);
        // The framework's own news about every request is noise, and costs each proxied one; the configuration can ask for it.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Yarp", LogLevel.Warning);
        // A line for each probe while a store is away, which its answer says, too.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Error);
        // A line for each statement.
        logging.AddFilter("Npgsql", LogLevel.Warning);
        logging.AddConfiguration(settings.Configuration.GetSection("Logging"));
        if (settings.IsProduction)
        {
            logging.AddJsonConsole(json =>
            {
                (json.TimestampFormat, json.UseUtcTimestamp) = ("yyyy-MM-ddTHH:mm:ss.fffZ", true);
                // No web page: quotation marks and signs may be read as they are.
                json.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
        }
        else
        {
            logging.AddSimpleConsole(simple => (simple.SingleLine, simple.TimestampFormat) = (true, "HH:mm:ss.fff "));
        }

        // Whoever reads the log and has stopped must not stop every request that has something to say: lines are dropped, and the log says how many.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        more?.Invoke(logging);
        logging.Services.AddSingleton<LoggerFactory>();
        logging.Services.AddSingleton<ILoggerFactory, RateLimitingLoggerFactory>();
    }
}
