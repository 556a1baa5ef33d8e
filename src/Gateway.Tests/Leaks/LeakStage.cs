using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Leaks;

/// <summary>
/// Gateways at the most detailed log level, a provider whose tokens are secrets, and captures of every place where a secret must not
/// be.
/// </summary>
internal sealed class LeakStage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _answers = [], _outputs = [];
    private string? _refused;

    private LeakStage(RedisServer redis, RedisMonitor monitor, string databaseUrl)
    {
        (Redis, Monitor, DatabaseUrl) = (redis, monitor, databaseUrl);
        Provider.Answers(_ => Task.FromResult(NewTokens()));
        Api = ScriptedApi.Start(request => request.Header("Authorization") == _refused ? ScriptedApi.Unauthorized : ScriptedApi.Empty);
        Settings = TestSettings.OnRealStores(
            redis.ConnectionString, databaseUrl,
            [
                .. Provider.Settings, .. Collector.Settings, ("FATHOM_API_URL", Api.BaseUrl), ("BACKEND_URL", $"{Backend.Address}"),
                ("FATHOM_PKCE", "S256"), ("PUBLIC_STATUS", "true"), ("ACCESS_LOG", "true"),
                ("Logging__LogLevel__Default", "Trace"), ("Logging__LogLevel__Microsoft.AspNetCore", "Trace"),
                ("Logging__LogLevel__System", "Trace"), ("Logging__LogLevel__Yarp", "Trace"), ("Logging__LogLevel__Npgsql", "Trace"),
                ("Logging__Console__FormatterOptions__IncludeScopes", "true"),
                ("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true"),
                ("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true"),
            ]);
        foreach (var name in (string[])["FATHOM_CLIENT_SECRET", "JWT_SECRET", "INTERNAL_API_KEY"]) Secrets.Add(name, Settings[name]!);
        AddKey(Settings["TOKEN_ENCRYPTION_KEYS"]!);
    }

    public TrackedSecrets Secrets { get; } = new();

    public ScriptedProvider Provider { get; } = ScriptedProvider.Start();

    public RecordingBackend Backend { get; } = RecordingBackend.Start();

    public OtlpCollector Collector { get; } = OtlpCollector.Start();

    public ScriptedApi Api { get; }

    public RedisServer Redis { get; }

    public RedisMonitor Monitor { get; }

    public string DatabaseUrl { get; }

    public Dictionary<string, string?> Settings { get; }

    /// <summary>Heads of all answers, and the bodies of those that refuse.</summary>
    public string Answers => string.Join('\n', _answers);

    /// <summary>What the gateways and commands have written.</summary>
    public string Output => string.Join('\n', _outputs);

    public static async Task<LeakStage> StartAsync(RealStores stores)
    {
        var redis = await RedisServer.StartAsync();
        return new LeakStage(redis, await RedisMonitor.StartAsync(redis), await stores.NewDatabaseAsync());
    }

    public string NewCode() => Secrets.Add("code", $"canary-code/{Guid.NewGuid():n}+~");

    public string NewJwt(string user) => AddJwt(Jwt.For(user, payload: $$"""{"jti":"{{Guid.NewGuid():n}}"}"""));

    public string AddJwt(string token)
    {
        // The signature of an unsigned one is no secret.
        if (token.Split('.')[^1] is { Length: > 40 } signature) Secrets.Add("signature of a JWT", signature);
        return Secrets.Add("JWT", token);
    }

    public void AddKey(string entry)
    {
        var key = Secrets.Add("encryption key", entry.Split(':')[1]);
        Secrets.Add("bytes of an encryption key", Encoding.Latin1.GetString(Convert.FromBase64String(key)));
    }

    /// <summary>From now on the API refuses this access token.</summary>
    public void Refuse(string accessToken) => _refused = $"Bearer {accessToken}";

    /// <summary>
    /// Sends, and keeps of the answer what must hold no secret. The two secrets that <c>LINK_BINDING</c> (README, "Security") puts into an
    /// answer's head are left out: the handle of <c>confirm</c> in the fragment of <c>Location</c>, and the cookie of <c>cookie</c>.
    /// </summary>
    public async Task<(HttpResponseMessage Answer, string Body)> SendAsync(
        HttpClient client, string method, string target, string? bearer = null, string? cookie = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), target) { Content = content };
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        var head = string.Join('\n', answer.Headers.Concat(answer.Content.Headers)
            .Where(field => field.Key != "Set-Cookie")
            .Select(field => $"{field.Key}: {string.Join(", ", field.Value).Split("#fathom_confirm=")[0]}"));
        _answers.Enqueue($"{(int)answer.StatusCode}\n{head}\n{(answer.IsSuccessStatusCode ? "" : body)}");
        return (answer, body);
    }

    /// <summary>Runs a gateway under these changes of the settings, and keeps what it wrote and what its open routes tell.</summary>
    public async Task ServeAsync(Func<GatewayProcess, Task> use, params (string Name, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>(Settings);
        foreach (var (name, value) in changes) settings[name] = value;
        await using var gateway = await GatewayProcess.StartAsync(settings);
        await Readiness.OfStoresAsync(gateway.InternalClient);
        await use(gateway);
        foreach (var open in (string[])["metrics", "health/ready", "openapi.json"])
            _answers.Enqueue((await SendAsync(gateway.InternalClient, "GET", open)).Body);
        await gateway.TerminateAsync();
        _outputs.Enqueue(gateway.Output);
    }

    public async Task CommandAsync(params string[] arguments)
    {
        var (_, output, errors) = await GatewayProcess.RunAsync(arguments, Settings);
        _outputs.Enqueue(output + errors);
    }

    public async ValueTask DisposeAsync()
    {
        Monitor.Dispose();
        Collector.Dispose();
        Provider.Dispose();
        await Api.DisposeAsync();
        await Backend.DisposeAsync();
        await Redis.DisposeAsync();
    }

    private TokenReply NewTokens() => TokenReply.Tokens(
        Secrets.Add("access token", $"canary-access/{Guid.NewGuid():n}+~"),
        Secrets.Add("refresh token", $"canary-refresh/{Guid.NewGuid():n}+~"));
}
