using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>Gateway processes on one PostgreSQL, a strict provider, and a user whose access token has expired.</summary>
internal sealed class ProcessStage : IAsyncDisposable
{
    /// <summary>Long, because the speed of many callers on a busy machine is not tested.</summary>
    private static readonly HttpClient Backend = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(3) };

    private readonly Dictionary<string, string?> _settings;
    private readonly List<GatewayProcess> _gateways = [];

    private ProcessStage(Dictionary<string, string?> settings) => _settings = settings;

    public OneUseProvider Provider { get; } = new("r1");

    public IReadOnlyList<GatewayProcess> Gateways => _gateways;

    public static async Task<ProcessStage> StartAsync(RealStores stores, int gateways)
    {
        var databaseUrl = await stores.NewDatabaseAsync();
        var stage = new ProcessStage(TestSettings.OnRealStores(await stores.RedisAsync(), databaseUrl));
        foreach (var (name, value) in stage.Provider.Settings) stage._settings[name] = value;
        // Set so that the row can be written here, with the key that the gateways have.
        await using (var writer = await GatewayUnderTest.StartAsync(stage._settings))
        {
            await writer.StoreAsync("ann", "a1", "r1");
        }

        await PostgresTestDatabase.QueryAsync(
            databaseUrl,
            "UPDATE fathom_connections SET issued_at = issued_at - interval '2 hours', expires_at = expires_at - interval '2 hours'");
        stage._gateways.AddRange(await Task.WhenAll(Enumerable.Range(0, gateways).Select(_ => GatewayProcess.StartAsync(stage._settings))));
        await Task.WhenAll(stage._gateways.Select(gateway => Readiness.OfStoresAsync(gateway.InternalClient)));
        return stage;
    }

    public string Database => _settings["DATABASE_URL"]!;

    public Task<object?> QueryAsync(string sql) => PostgresTestDatabase.QueryAsync(Database, sql);

    /// <summary>What the backend is answered: the status, and the token or the error.</summary>
    public static async Task<(HttpStatusCode Status, string? Answer)> TokenAsync(GatewayProcess gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Internal, "connections/ann/access-token"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestSettings.InternalApiKey);
        using var response = await SendAsync(request);
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, body.GetProperty(response.IsSuccessStatusCode ? "access_token" : "error").GetString());
    }

    /// <summary>A process that is killed right after it was connected to shows as an exception that .NET forgets to wrap.</summary>
    private static async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        try
        {
            return await Backend.SendAsync(request);
        }
        catch (SocketException broken)
        {
            throw new HttpRequestException("The connection broke.", broken);
        }
    }

    /// <summary>As a backend does it: a 503 is asked again.</summary>
    public static async Task<(HttpStatusCode Status, string? Answer)> TokenInTheEndAsync(GatewayProcess gateway)
    {
        while (true)
        {
            var answer = await TokenAsync(gateway);
            if (answer.Status != HttpStatusCode.ServiceUnavailable) return answer;
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            gateway.Resume();
            await gateway.DisposeAsync();
        }

        Provider.Dispose();
    }
}
