using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FathomGateway.Bench;

/// <summary>
/// A provider that grants every code, and a receiver that takes every event. Both answer at once. <c>GET /events</c> returns how many
/// events have arrived since the last <c>DELETE /events</c>, and the microseconds from the first of them to the last.
/// </summary>
internal static class Partners
{
    private static readonly Lock Gate = new();
    private static long _events, _first, _last;

    public static async Task<int> RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(server => server.ListenLocalhost(port, listener => listener.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        app.MapGet("/ready", () => "ready");
        app.MapPost("/token", () => Results.Text(Grant(), "application/json"));
        app.MapPost("/events", () =>
        {
            Note();
            return Results.NoContent();
        });
        app.MapGet("/events", Seen);
        app.MapDelete("/events", Forget);
        await app.RunAsync();
        return 0;
    }

    private static string Grant() =>
        $$"""{"access_token":"{{Token()}}","refresh_token":"{{Token()}}","token_type":"bearer","expires_in":86400}""";

    private static string Token() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    private static void Note()
    {
        lock (Gate)
        {
            _last = Stopwatch.GetTimestamp();
            if (_events++ == 0) _first = _last;
        }
    }

    private static string Seen()
    {
        lock (Gate)
        {
            var time = Stopwatch.GetElapsedTime(_first, _last).TotalMicroseconds;
            return string.Create(CultureInfo.InvariantCulture, $"{_events} {time:0}\n");
        }
    }

    private static void Forget()
    {
        lock (Gate)
        {
            (_events, _first, _last) = (0, 0, 0);
        }
    }
}
