using Xunit;

namespace FathomGateway.Tests.Documents.Frontend;

/// <summary>The classes that share one set-up of the app of docs/frontend.md.</summary>
[CollectionDefinition(nameof(FrontendGroup))]
public sealed class FrontendGroup : ICollectionFixture<FrontendStage>;
