using System.Security.Cryptography;
using FathomGateway.Settings;
using Microsoft.Extensions.Configuration;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// Settings of a gateway under test, by their flat names. What a test cares about it sets itself; the rest is harmless and never leaves the
/// machine.
/// </summary>
internal static class TestSettings
{
    public const string ClientId = "client-of-the-tests";
    public const string ClientSecret = "client-secret-of-the-tests";
    public const string JwtSecret = "a-jwt-secret-of-the-tests-with-more-than-32-bytes";
    public const string InternalApiKey = "an-internal-api-key-of-the-tests-with-32-bytes";
    public const string FrontendUrl = "https://app.example.test";
    public const string RedirectUri = "https://gateway.example.test/fathom/callback";

    // Port 9 (discard) is open nowhere: what a test has not replaced refuses at once.
    private const string Nowhere = "http://127.0.0.1:9";

    /// <summary>State in memory, tokens in SQLite in a folder of its own.</summary>
    public static Dictionary<string, string?> Embedded(params IEnumerable<(string Name, string? Value)> changes) =>
        With(changes, ("EMBEDDED", "true"), ("DATA_DIR", TempFolder.Create("data")));

    /// <summary>State in Redis, tokens in PostgreSQL under a new key.</summary>
    public static Dictionary<string, string?> OnRealStores(
        string redisUrl, string databaseUrl, params IEnumerable<(string Name, string? Value)> changes) =>
        With(changes, ("REDIS_URL", redisUrl), ("DATABASE_URL", databaseUrl), ("TOKEN_ENCRYPTION_KEYS", NewKey("k1")));

    /// <summary>
    /// The routes, which are part of the product, and these settings; whatever else a served gateway reads, one under test must not.
    /// </summary>
    public static IConfiguration Configuration(IEnumerable<KeyValuePair<string, string?>> settings) =>
        new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "yarp.json")).AddInMemoryCollection(settings).Build();

    /// <summary>A reader of these settings alone, for a part of the product that reads its own.</summary>
    public static SettingsReader Reader(params IEnumerable<(string Name, string? Value)> settings) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Name, one.Value))).Build());

    /// <summary>An entry for TOKEN_ENCRYPTION_KEYS with a new random key.</summary>
    public static string NewKey(string keyId) => $"{keyId}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    private static Dictionary<string, string?> With(
        IEnumerable<(string Name, string? Value)> changes, params IEnumerable<(string Name, string? Value)> stores)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["PORT"] = "0",
            ["PUBLIC_HOST"] = "127.0.0.1",
            ["MANAGEMENT_PORT"] = "0",
            ["MANAGEMENT_HOST"] = "127.0.0.1",
            ["INTERNAL_API_KEY"] = InternalApiKey,
            ["FATHOM_CLIENT_ID"] = ClientId,
            ["FATHOM_CLIENT_SECRET"] = ClientSecret,
            ["FATHOM_REDIRECT_URI"] = RedirectUri,
            ["FATHOM_AUTHORIZE_URL"] = $"{Nowhere}/authorize",
            ["FATHOM_TOKEN_URL"] = $"{Nowhere}/token",
            ["FATHOM_REVOKE_URL"] = $"{Nowhere}/revoke",
            ["FATHOM_API_URL"] = $"{Nowhere}/api",
            ["FRONTEND_URL"] = FrontendUrl,
            ["JWT_SECRET"] = JwtSecret,
            ["BACKEND_URL"] = Nowhere,
        };
        foreach (var (name, value) in stores.Concat(changes))
        {
            settings[name] = value;
        }

        return settings;
    }
}
