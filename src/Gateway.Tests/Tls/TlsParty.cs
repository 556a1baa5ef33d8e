using FathomGateway.Fathom;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tests.Cli;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace FathomGateway.Tests.Tls;

/// <summary>A party that the gateway calls over TLS.</summary>
/// <param name="Settings">Those that lead to it, by its host and port. A value of null takes one away.</param>
/// <param name="CallAsync">Has a gateway with these settings call it.</param>
internal sealed record TlsParty(
    Func<string, (string Name, string? Value)[]> Settings, Func<Dictionary<string, string?>, Task, Task> CallAsync)
{
    private const string Version = "ReverseProxy:Clusters:backend:HttpRequest:Version";

    /// <summary>Whether it is asked for TLS in the words of PostgreSQL first.</summary>
    public bool IsPostgres { get; private init; }

    /// <summary>All of them. A further one is a line here.</summary>
    public static IReadOnlyDictionary<string, TlsParty> All { get; } = new Dictionary<string, TlsParty>
    {
        ["token endpoint"] = new(at => [("FATHOM_TOKEN_URL", $"https://{at}/token")], RefreshAsync),
        ["token endpoint, by doctor"] = new(at => [("FATHOM_TOKEN_URL", $"https://{at}/token")], LookAtAsync("provider")),
        ["revocation endpoint"] = new(at => [("FATHOM_REVOKE_URL", $"https://{at}/revoke")], RevokeAsync),
        ["relay"] = new(at => [("FATHOM_API_URL", $"https://{at}/v1")], RelayAsync),
        ["backend over HTTP/1.1"] = new(at => [("BACKEND_URL", $"https://{at}")], ProxyAsync),
        ["backend over HTTP/2"] = new(at => [("BACKEND_URL", $"https://{at}"), (Version, "2")], ProxyAsync),
        ["backend over HTTP/1.1, by doctor"] = new(at => [("BACKEND_URL", $"https://{at}")], LookAtAsync("backend")),
        ["backend over HTTP/2, by doctor"] = new(at => [("BACKEND_URL", $"https://{at}"), (Version, "2")], LookAtAsync("backend")),
        ["key set"] = new(at => [("JWT_JWKS_URL", $"https://{at}/jwks"), ("JWT_SECRET", null)], ConnectAsync),
        ["authority"] = new(at => [("JWT_AUTHORITY", $"https://{at}/"), ("JWT_SECRET", null)], ConnectAsync),
        ["receiver of events"] = new(at => [("EVENTS_URL", $"https://{at}/"), ("EVENTS_SECRET", EventReceiver.NewSecret())], EventAsync),
        ["VERIFY_USER_URL"] = new(at => [("VERIFY_USER_URL", $"https://{at}/me")], ConnectAsync),
        ["Redis"] = new(at => [("REDIS_URL", $"rediss://user:password@{at}")], StartAsync),
        ["Redis, by its library's string"] = new(at => [("REDIS_URL", $"{at},ssl=true,password=password")], StartAsync),
        ["PostgreSQL"] = new(PostgresAt, StartAsync) { IsPostgres = true },
    };

    private static (string Name, string? Value)[] PostgresAt(string at) =>
        [("DATABASE_URL", $"postgresql://user:password@{at}/d?sslmode=verify-full"), ("TOKEN_ENCRYPTION_KEYS", TestSettings.NewKey("k1"))];

    private static Func<Dictionary<string, string?>, Task, Task> LookAtAsync(string check) =>
        (settings, _) => Examination.OfAsync(check, settings);

    private static Task RefreshAsync(Dictionary<string, string?> settings, Task called) => ServeAsync(settings, called, gateway =>
        gateway.Services.GetRequiredService<TokenEndpointClient>().RefreshAsync("refresh", CancellationToken.None));

    private static Task RevokeAsync(Dictionary<string, string?> settings, Task called) => ServeAsync(settings, called, gateway =>
        gateway.Services.GetRequiredService<RevocationClient>().RevokeRefreshTokenAsync("refresh", CancellationToken.None));

    private static Task ConnectAsync(Dictionary<string, string?> settings, Task called) => ServeAsync(settings, called, async gateway =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "fathom/connect");
        // A key set is fetched where a token may be of its keys.
        var isFetched = settings.GetValueOrDefault("JWT_SECRET") is null;
        request.Headers.Authorization = new("Bearer", isFetched ? Jwt.ByUnknownKey(Fresh.User()) : Jwt.For(Fresh.User()));
        using var answer = await gateway.Client.SendAsync(request);
    });

    private static Task ProxyAsync(Dictionary<string, string?> settings, Task called) => ServeAsync(settings, called, async gateway =>
    {
        using var answer = await gateway.Client.GetAsync("anything");
    });

    private static async Task RelayAsync(Dictionary<string, string?> settings, Task called)
    {
        await using var stage = await Stage.StartAsync(settings);
        var user = Fresh.User();
        await stage.LinkAsync(user);
        await stage.Gateway.RawAsync("GET", $"/connections/{user}/fathom/meetings");
        await called;
    }

    private static async Task EventAsync(Dictionary<string, string?> settings, Task called)
    {
        await using var stage = await Stage.StartAsync(settings);
        await stage.LinkAsync(Fresh.User());
        await called;
    }

    /// <summary>Stores are called as soon as the gateway is there.</summary>
    private static Task StartAsync(Dictionary<string, string?> settings, Task called) =>
        ServeAsync(settings, called, _ => Task.CompletedTask);

    /// <param name="called">The party's word that it was called, before which the gateway must not end.</param>
    private static async Task ServeAsync(Dictionary<string, string?> settings, Task called, Func<GatewayUnderTest, Task> call)
    {
        await using var gateway = await GatewayUnderTest.StartAsync(settings);
        await call(gateway);
        await called;
    }
}
