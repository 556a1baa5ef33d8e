using Xunit;

namespace FathomGateway.Tests.Limits;

/// <summary>
/// Tests that take both cores. They run after all others, so that the waiting time of proxied requests depends on the gateway only.
/// </summary>
[CollectionDefinition(nameof(BothCoresCollection), DisableParallelization = true)]
#pragma warning disable CA1711 // xunit's word for it.
public sealed class BothCoresCollection;
#pragma warning restore CA1711
