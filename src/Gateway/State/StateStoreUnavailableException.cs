namespace FathomGateway.State;

/// <summary>The state store could not be reached, or did not answer in time. Whether a command that was sent took effect is unknown.</summary>
internal sealed class StateStoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
