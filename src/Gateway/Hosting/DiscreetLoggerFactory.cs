using Microsoft.Extensions.Logging.Abstractions;

namespace FathomGateway.Hosting;

/// <summary>
/// Silences the framework's loggers that print whole addresses: the callback's query holds a code and a state. Done here rather than by log levels,
/// so that no setting of an operator's, however well meant in a bad night, brings them back.
/// </summary>
internal sealed class DiscreetLoggerFactory(LoggerFactory inner) : ILoggerFactory
{
    private static readonly string[] Silenced =
    [
        // The request's address at its start and end.
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        // The forwarded request's address.
        "Yarp.ReverseProxy.Forwarder.HttpForwarder",
        // The line that could not be parsed.
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests",
    ];

    public ILogger CreateLogger(string categoryName) =>
        Silenced.Contains(categoryName) ? NullLogger.Instance : inner.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();
}
