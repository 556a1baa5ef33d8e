using System.Security.Cryptography;
using Npgsql;
using StackExchange.Redis;

// The most that a route of ASP.NET can reach which calls the store once: no authentication, no limits, no log, and the libraries' defaults.
// It shows how much of the distance between the gateway's own routes and the bare store is the framework's and the client library's.
string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseUrls($"http://127.0.0.1:{Variable("PORT")}");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();

if (Environment.GetEnvironmentVariable("REDIS") is { } redis)
{
    // The record of one state, as long as the gateway's.
    const string Record = """{"user_id":"000000000000000000000000","code_verifier":null}""";
    var database = (await ConnectionMultiplexer.ConnectAsync(redis)).GetDatabase();
    app.MapGet("/fathom/connect", async () =>
    {
        var nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(22));
        await database.StringSetAsync($"fathom:state:{nonce}", Record, TimeSpan.FromMinutes(10), When.NotExists);
        return $$"""{"url":"https://provider.example/authorize?client_id=bench&response_type=code&state={{nonce}}"}""";
    });
}

if (Environment.GetEnvironmentVariable("POSTGRES") is { } postgres)
{
    const string Select = """
        SELECT grant_id, version, access_token, refresh_token, scope, connected_at, issued_at, expires_at, reconnect_reason, reconnect_at
        FROM fathom_connections WHERE user_id = $1
        """;
    var source = NpgsqlDataSource.Create(postgres);
    app.MapGet("/connections/{user}/access-token", async (string user) =>
    {
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = user });
        await using var rows = await command.ExecuteReaderAsync();
        return await rows.ReadAsync() ? rows.GetDateTime(7).ToString("O") : "";
    });
}

app.Run();
