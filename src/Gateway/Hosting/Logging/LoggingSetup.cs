using System.Text.Encodings.Web;
using System.Text.Json;
using FathomGateway.Settings;
using Microsoft.Extensions.Logging.Console;

namespace FathomGateway.Hosting.Logging;

/// <summary>Sets up logging: one line per event, as JSON in Production and as text elsewhere.</summary>
internal static class LoggingSetup
{
    /// <summary>Characters of the output's buffer: more than a line has, apart from lines with a stack trace.</summary>
    private const int LineBuffer = 16 * 1024;

    /// <summary>
    /// Makes the process write each line in one system call. The framework's writer has a buffer of 256 characters, so that a line takes
    /// several calls, and lines of processes that share an output could mix.
    /// </summary>
    public static void WriteWholeLines() =>
        Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), Console.OutputEncoding, LineBuffer) { AutoFlush = true });

    /// <param name="more">Further providers of the host program, or null.</param>
    public static void Configure(ILoggingBuilder logging, SettingsReader settings, Action<ILoggingBuilder>? more)
    {
        LoggingSection.Check(settings);
        // The framework's lines about every request are noise and cost time in each proxied request. The configuration can enable them.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Yarp", LogLevel.Warning);
        // One line per probe while a store is unavailable, which the probe's response reports already.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Error);
        // One line per SQL statement.
        logging.AddFilter("Npgsql", LogLevel.Warning);
        logging.AddConfiguration(settings.Configuration.GetSection("Logging"));
        if (settings.IsProduction)
        {
            logging.AddJsonConsole(json =>
            {
                (json.TimestampFormat, json.UseUtcTimestamp) = ("yyyy-MM-ddTHH:mm:ss.fffZ", true);
                // The output is no web page, so quotation marks and signs need no escaping.
                json.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
        }
        else
        {
            logging.AddSimpleConsole(simple => (simple.SingleLine, simple.TimestampFormat) = (true, "HH:mm:ss.fff "));
        }

        // A stalled reader of the log must not block requests. Lines are dropped, and the log reports how many.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        more?.Invoke(logging);
        logging.Services.AddSingleton<LoggerFactory>();
        logging.Services.AddSingleton<ILoggerFactory, RateLimitingLoggerFactory>();
    }
}
