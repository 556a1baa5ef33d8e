using FathomGateway.Telemetry;

namespace FathomGateway.State;

/// <summary>The state store could not be reached, or did not answer in time.</summary>
/// <param name="mayHaveTakenEffect">Whether the command may have been carried out all the same: it was, or may have been, sent, and no answer came.</param>
internal sealed class StateStoreUnavailableException(string message, Exception? inner = null, bool mayHaveTakenEffect = false) : Exception(message, inner)
{
    public bool MayHaveTakenEffect { get; } = mayHaveTakenEffect;

    /// <summary>As it stands in a log.</summary>
    public override string ToString() => OneLine.Of(this);
}
