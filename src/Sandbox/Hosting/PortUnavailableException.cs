namespace FathomGateway.Sandbox.Hosting;

/// <summary>A port cannot be bound; the message is one line for the person at the terminal and names the remedy.</summary>
internal sealed class PortUnavailableException(int port, string option, Exception inner)
    : Exception(
        $"Port {port} cannot be used: it is taken, or not yours to open. "
            + $"Choose another with {option}, or leave {option} out to get a free one.",
        inner)
{
    /// <summary>The argument that chooses this port.</summary>
    public string Option { get; } = option;
}
