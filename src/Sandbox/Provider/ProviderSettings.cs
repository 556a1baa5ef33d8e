namespace FathomGateway.Sandbox.Provider;

/// <summary>The one OAuth client registered at the stand-in, and how long its access tokens live.</summary>
internal sealed record ProviderSettings(string ClientId, string ClientSecret, string RedirectUri, TimeSpan AccessTokenLifetime);
