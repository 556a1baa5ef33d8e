using System.Net.Sockets;
using System.Security.Cryptography;
using FathomGateway.Hosting.Listening;
using FathomGateway.Settings;
using Microsoft.Extensions.Options;

namespace FathomGateway.Hosting;

/// <summary>Explains a failed start to an operator in one message without a stack trace.</summary>
internal static class StartupFailure
{
    public const string CannotStart = "The gateway cannot start";

    /// <summary>
    /// One message about any exception. Of an unexpected one it has the type, because its message may hold a setting's value.
    /// </summary>
    /// <param name="what">The beginning of the message: what failed.</param>
    public static string Summary(Exception failure, string what = CannotStart) =>
        Explain(failure, what) ?? $"{what}: unexpected exception {failure.GetType().Name}.";

    /// <summary>
    /// Null for unexpected exceptions. A library's message may hold a setting's value, so only messages about unreadable files are shown.
    /// </summary>
    public static string? Explain(Exception failure, string what = CannotStart) => failure switch
    {
        SettingsException or ListenException => failure.Message,
        // Files that are not JSON.
        InvalidDataException => $"{what}: {failure.Message}",
        _ when IsConfiguration(failure) && StartupFailureOrigin.Find(failure) is { } fault => SettingsException.Describe([fault]),
        IOException or SocketException => $"{what}: {failure.Message}",
        _ => null,
    };

    /// <summary>Whether a setting has to be corrected before another start can succeed.</summary>
    public static bool IsConfiguration(Exception failure) => failure
        is SettingsException
        or ListenException
        or InvalidDataException
        or FormatException
        or InvalidOperationException
        or ArgumentException
        or NotSupportedException
        or OverflowException
        or KeyNotFoundException
        or OptionsValidationException
        or FileNotFoundException
        or CryptographicException;

    /// <summary>The server's or host's logger without the line that repeats the message with a stack trace.</summary>
    public static ILogger WithoutRepetition(ILogger log, string category) => category is Server or Host ? new Logger(log) : log;

    private const string Server = "Microsoft.AspNetCore.Server.Kestrel", Host = "Microsoft.Extensions.Hosting.Internal.Host";

    private sealed class Logger(ILogger inner) : ILogger
    {
        private static readonly string[] Repetitions = ["Unable to start Kestrel.", "Hosting failed to start"];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var isRepetition = logLevel >= LogLevel.Error && exception is not null && Repetitions.Contains(formatter(state, exception));
            if (isRepetition && Explain(exception!) is not null) return;
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
