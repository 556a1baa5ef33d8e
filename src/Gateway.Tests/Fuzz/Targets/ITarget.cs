namespace FathomGateway.Tests.Fuzz;

/// <summary>A part of the gateway that reads what strangers write, in a gateway of its own.</summary>
internal interface ITarget : IAsyncDisposable
{
    /// <summary>Inputs as they should be, to be spoilt.</summary>
    IReadOnlyList<byte[]> Good { get; }

    /// <summary>Feeds one input.</summary>
    /// <returns>The promise that was broken, or null.</returns>
    Task<string?> ObjectionAsync(byte[] input);
}
