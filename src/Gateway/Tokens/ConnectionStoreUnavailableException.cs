using FathomGateway.Telemetry;

namespace FathomGateway.Tokens;

/// <summary>The database could not be reached, did not answer in time, or refused to write.</summary>
internal sealed class ConnectionStoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The text for a log.</summary>
    public override string ToString() => ExceptionSummary.Of(this);
}
