using System.Diagnostics;
using FathomGateway.Settings;

namespace FathomGateway.Hosting;

/// <summary>
/// Finds out which settings a library rejects, from the assembly that threw: each library validates values of its own. The library's
/// message is not shown, because it may hold the value.
/// </summary>
internal static class StartupFailureOrigin
{
    private static readonly (string Assembly, string Name, string Remedy)[] Readers =
    [
        (
            "OpenTelemetry",
            "OTEL_…",
            "one of the variables that begin so has a value that the telemetry library cannot use: correct it, or leave it out."),
        (
            "Npgsql",
            StoreChoice.DatabaseUrlName,
            "has parameters that the driver cannot use together: leave out all but user, password, host, database and sslmode."),
        (
            "StackExchange.Redis",
            StoreChoice.RedisUrlName,
            "has options that the client cannot use: leave out all but user, password, host, port and database."),
        (
            "Yarp",
            "ReverseProxy (yarp.json)",
            "holds something that the proxy cannot use: compare routes, clusters and their values with the yarp.json that comes with "
                + "the gateway."),
        (
            "Microsoft.AspNetCore.Server",
            "Kestrel__…",
            "holds something that the server cannot use: correct endpoints, certificates and limits there, or leave them out."),
        ("Microsoft.Extensions.Logging", "Logging__…", "holds something that the loggers cannot use: correct it, or leave it out."),
        (
            "Microsoft.Extensions.Configuration",
            "appsettings.json, yarp.json",
            "a value there, or a variable that stands for one (Section__Key), is not of the kind that is expected: correct it, or leave "
                + "it out."),
    ];

    /// <summary>Null where no library that reads settings caused the failure.</summary>
    public static SettingFault? Find(Exception failure)
    {
        for (var one = failure; one is not null; one = one.InnerException)
        {
            // Reflection may know nothing of a method that was compiled ahead of time.
            var methods = new StackTrace(one).GetFrames().Select(DiagnosticMethodInfo.Create).OfType<DiagnosticMethodInfo>();
            var assemblies = methods.Select(method => method.DeclaringAssemblyName);
            // From the innermost frame outwards, the first known assembly is the one that read the setting.
            foreach (var assembly in assemblies)
            {
                var reader = Array.Find(Readers, known => assembly.StartsWith(known.Assembly, StringComparison.Ordinal));
                if (reader.Name is not null) return new SettingFault(reader.Name, reader.Remedy);
            }
        }

        return null;
    }
}
