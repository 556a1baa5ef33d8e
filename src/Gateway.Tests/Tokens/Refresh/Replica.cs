using FathomGateway.Audit;
using FathomGateway.Fathom;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Keys;
using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>
/// The services of tokens as the gateway composes them, on a given database and provider; several on one database are several replicas.
/// </summary>
internal sealed class Replica : IAsyncDisposable
{
    private static readonly EncryptionKey Key = new("k1", [.. Enumerable.Repeat((byte)7, EncryptionKey.Length)]);

    private readonly ServiceProvider _services;

    private Replica(ServiceProvider services, CapturedLog log) => (_services, Log) = (services, log);

    public CapturedLog Log { get; }

    public ConnectionStore Store => Get<ConnectionStore>();

    /// <summary>Returns once the schema is there: a migration may take longer than a request would wait for it.</summary>
    /// <param name="revokeUrl">Null where the provider offers no revocation.</param>
    /// <param name="clock">The replica's own, right or wrong.</param>
    public static async Task<Replica> OnAsync(
        TokenDatabase database, string tokenUrl, string? revokeUrl = null, TimeProvider? clock = null, EncryptionKey? key = null,
        int budget = 0)
    {
        var log = new CapturedLog();
        var settings = TestSettings.Reader((TokenBudgetSetting.BudgetName, $"{budget}"));
        var nowhere = new Uri("http://127.0.0.1:9/");
        var options = new FathomOptions
        {
            ClientId = TestSettings.ClientId,
            ClientSecret = TestSettings.ClientSecret,
            RedirectUri = TestSettings.RedirectUri,
            AuthorizeUrl = nowhere,
            TokenUrl = new Uri(tokenUrl),
            RevokeUrl = revokeUrl is null ? null : new Uri(revokeUrl),
            ApiUrl = nowhere,
            UsesPkce = false,
            ClientAuthentication = ClientAuthentication.Post,
        };
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace))
            .AddSingleton(options)
            .AddSingleton(clock ?? TimeProvider.System)
            .AddSingleton(new KeyRing([key ?? Key]))
            .AddSingleton<ProviderClock>()
            .AddSingleton(provider => new ClientForm(
                new HttpClient(FathomFeature.CreateHandler()) { Timeout = ClientForm.Timeout },
                options,
                provider.GetRequiredService<ProviderClock>(),
                provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(NoMetrics.Instance)
            .AddSingleton<AuditLog>()
            .AddSingleton<TokenEndpointClient>()
            .AddSingleton<RevocationClient>()
            .AddTokens(settings, new StoreChoice(RedisUrl: null, database.Url, database.Folder, MayEmbed: true));
        var replica = new Replica(services.BuildServiceProvider(), log);
        await replica.Get<SchemaReadiness>().EnsureAsync(SchemaReadiness.OperatorTimeout, CancellationToken.None);
        return replica;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task ConnectAsync(string user, string accessToken, string? refreshToken, int seconds = 3600, string? scope = "a-scope") =>
        Get<ConnectionWriter>().StoreAsync(
            Some.User(user),
            new TokenSet(accessToken, refreshToken, scope, TimeSpan.FromSeconds(seconds)),
            ConnectionRows.AfterAll,
            PendingTokens.CallerTimeout);

    public Task<AccessTokenResult> TokenAsync(string user, long? rejectedVersion = null, CancellationToken cancel = default) =>
        Get<FreshAccessToken>().GetAsync(Some.User(user), rejectedVersion, cancel);

    public Task<DisconnectResult> DisconnectAsync(string user) =>
        Get<Disconnection>().DisconnectAsync(Some.User(user), DisconnectActor.Api, CancellationToken.None);

    /// <summary>The row, its tokens opened.</summary>
    public async Task<(Connection Row, string? AccessToken, string? RefreshToken)?> RowAsync(string user)
    {
        if (await Store.FindAsync(Some.User(user), CancellationToken.None) is not { } row) return null;
        var cipher = Get<TokenCipher>();
        return (
            row,
            cipher.Open(row.AccessToken, row.UserId, TokenColumn.AccessToken),
            row.RefreshToken is { } token ? cipher.Open(token, row.UserId, TokenColumn.RefreshToken) : null);
    }

    public async ValueTask DisposeAsync()
    {
        await Get<InFlightWork>().StoppedAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        await _services.DisposeAsync();
    }
}
