namespace FathomGateway.Sandbox.Provider;

/// <summary>The one OAuth client registered at the stand-in, and how long its access tokens live.</summary>
internal sealed record ProviderSettings(string ClientId, string ClientSecret, string RedirectUri, TimeSpan AccessTokenLifetime)
{
    /// <summary>Calls of the API that one account may make in <see cref="ApiWindow"/>: as many as at the real Fathom.</summary>
    public int ApiCalls { get; init; } = 60;

    /// <summary>The window that <see cref="ApiCalls"/> are counted in.</summary>
    public TimeSpan ApiWindow { get; init; } = TimeSpan.FromMinutes(1);
}
