namespace FathomGateway.Tests.Fuzz;

/// <summary>A part of the gateway that reads untrusted input, in its own gateway.</summary>
internal interface ITarget : IAsyncDisposable
{
    /// <summary>Valid inputs, to be mutated.</summary>
    IReadOnlyList<byte[]> Good { get; }

    /// <summary>Feeds one input.</summary>
    /// <returns>What was wrong, or null.</returns>
    Task<string?> ObjectionAsync(byte[] input);
}
