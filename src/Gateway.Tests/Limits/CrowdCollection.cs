using Xunit;

namespace FathomGateway.Tests.Limits;

/// <summary>What takes both cores: it runs when everything else has, so that how long others wait says something about the gateway.</summary>
[CollectionDefinition(nameof(CrowdCollection), DisableParallelization = true)]
#pragma warning disable CA1711 // xunit's word for it.
public sealed class CrowdCollection;
#pragma warning restore CA1711
