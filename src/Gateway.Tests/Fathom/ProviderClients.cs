using FathomGateway.Fathom;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FathomGateway.Tests.Fathom;

/// <summary>The clients of the token and revocation endpoints as the product composes them, without the rest of it.</summary>
internal sealed class ProviderClients : IDisposable
{
    private readonly ServiceProvider _services;

    public ProviderClients(Uri provider, params IEnumerable<(string Name, string? Value)> changes)
    {
        var settings = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(TestSettings.Embedded(
            [("FATHOM_TOKEN_URL", $"{provider}token"), ("FATHOM_REVOKE_URL", $"{provider}revoke"), .. changes])).Build());
        _services = new ServiceCollection().AddLogging(logging => logging.AddProvider(Log))
            .AddSingleton(TimeProvider.System)
            .AddSingleton(NoMetrics.Instance)
            .AddFathom(settings)
            .BuildServiceProvider();
        settings.ThrowIfFaulty();
    }

    public CapturedLog Log { get; } = new();

    public FathomOptions Options => _services.GetRequiredService<FathomOptions>();

    public TokenEndpointClient TokenEndpoint => _services.GetRequiredService<TokenEndpointClient>();

    public RevocationClient Revocation => _services.GetRequiredService<RevocationClient>();

    /// <summary>Forms that go out by another client than the product's own.</summary>
    public ClientForm Form(HttpClient http) => new(http, Options, _services.GetRequiredService<ProviderClock>(), TimeProvider.System);

    public Task<TokenResult> RefreshAsync(string refreshToken = "refresh") =>
        TokenEndpoint.RefreshAsync(refreshToken, CancellationToken.None);

    public void Dispose() => _services.Dispose();
}
