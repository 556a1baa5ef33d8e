using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Lets <see cref="ProxiedBackend"/> be shared by the tests of a class, one after the other; each sets its own script.</summary>
public sealed class SharedProxiedBackend : IAsyncLifetime
{
    internal ProxiedBackend Value { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Value = await ProxiedBackend.StartAsync();

    public ValueTask DisposeAsync() => Value.DisposeAsync();
}
