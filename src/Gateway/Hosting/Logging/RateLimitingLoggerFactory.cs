using FathomGateway.Internal;
using FathomGateway.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace FathomGateway.Hosting.Logging;

/// <summary>
/// Limits what anonymous requests can write into the log. Categories that print whole addresses are silenced: the callback's query holds a
/// code and a state, and a store's address holds a user and perhaps parts of a password. Categories whose lines any request can cause write
/// each kind of line once a minute (<see cref="RateLimitedLogger"/>).
/// </summary>
/// <remarks>Log levels would not do: an operator could lift them during an incident.</remarks>
internal sealed class RateLimitingLoggerFactory(LoggerFactory inner, TimeProvider time, GatewayMetrics metrics) : ILoggerFactory
{
    private static readonly string[] SilencedCategories =
    [
        // The request's address at its start and end.
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        // The forwarded request's address.
        "Yarp.ReverseProxy.Forwarder.HttpForwarder",
        // The unparsable request line.
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests",
        // The unreadable value of yarp.json. The start fails and reports it.
        "Yarp.ReverseProxy.Configuration.ConfigProvider.ConfigurationConfigProvider",
    ];

    /// <summary>Libraries that print hosts, users and databases from the settings.</summary>
    private static readonly string[] AddressCategories = ["StackExchange.Redis", "Npgsql.Connection"];

    /// <summary>The framework's categories. Each event is one kind.</summary>
    private static readonly string[] FrameworkCategories = ["Microsoft.AspNetCore", "Yarp.", "System.Net."];

    /// <summary>
    /// The gateway's categories with lines about single requests. Lines that name a user come from requests with a JWT or a state and are
    /// not limited.
    /// </summary>
    private static readonly string[] RequestCategories =
        [NamespaceOf("Connect"), NamespaceOf("Proxy"), NamespaceOf("Backend"), typeof(ApiKeyRoute).FullName!];

    private readonly LogLineLimit _limit = new(time);

    public ILogger CreateLogger(string categoryName)
    {
        if (SilencedCategories.Contains(categoryName) || IsAny(AddressCategories, categoryName)) return NullLogger.Instance;
        var log = StartupFailure.WithoutRepetition(inner.CreateLogger(categoryName), categoryName);
        if (IsAny(FrameworkCategories, categoryName)) return new RateLimitedLogger(log, categoryName, _limit, metrics, byMessage: false);
        return IsAny(RequestCategories, categoryName) ? new RateLimitedLogger(log, categoryName, _limit, metrics, byMessage: true) : log;
    }

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    private static string NamespaceOf(string folder) => $"{nameof(FathomGateway)}.{folder}";

    private static bool IsAny(string[] prefixes, string category) =>
        Array.Exists(prefixes, one => category.StartsWith(one, StringComparison.Ordinal));
}
