using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.WebUtilities;

namespace FathomGateway.Tests.Soak;

/// <summary>What users and the backend do, each step held against the model.</summary>
internal sealed class SoakSteps(SoakWorld world)
{
    private static readonly string[] Errors =
        ["access_denied", "invalid_state", "expired_state", "exchange_failed", "provider_unavailable", "temporarily_unavailable", "not_confirmed"];

    /// <returns>Whether the user was told that they are connected.</returns>
    public async Task<bool> ConnectAsync(SoakUser user, SoakReplica at, SoakReplica back)
    {
        world.Model.Count("flows begun");
        using var begun = await AskAsync(at, HttpMethod.Get, at.Gateway.Client, "fathom/connect", Jwt.For(user.Id));
        if (begun is null || !Expect(begun, "connect", HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable) || !begun.IsSuccessStatusCode) return false;
        var url = JsonDocument.Parse(await begun.Content.ReadAsStringAsync()).RootElement.GetProperty("url").GetString()!;
        var attempt = user.Begin();

        using var ended = await AskAsync(back, HttpMethod.Get, back.Gateway.Client, $"fathom/callback?code={user.Id}.{attempt}&state={QueryHelpers.ParseQuery(new Uri(url).Query)["state"]}");
        if (ended is null || !Expect(ended, "callback", HttpStatusCode.Found)) return false;
        var landed = ended.Headers.Location!.OriginalString;
        if (landed.EndsWith("?fathom_successful=true", StringComparison.Ordinal))
        {
            user.Connected(attempt);
            world.Model.Count("flows connected");
            return true;
        }

        var error = landed[(landed.LastIndexOf('=') + 1)..];
        world.Model.Count($"flows refused: {error}");
        if (!Errors.Contains(error)) world.Model.Violate("P4", $"a callback landed at an unknown error");
        return false;
    }

    /// <summary>The backend reads the user's token, and at times says that the last one was refused.</summary>
    /// <returns>Whether there was an answer that is right in quiet times.</returns>
    public async Task<bool> ReadAsync(SoakUser user, SoakReplica at, bool forced)
    {
        var rejected = forced && user.Version is { } version ? $"?rejected_version={version}" : "";
        using var answer = await AskAsync(at, HttpMethod.Get, at.Gateway.InternalClient, $"connections/{user.Id}/access-token{rejected}", TestSettings.InternalApiKey);
        if (answer is null || !Expect(answer, "access-token", HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.ServiceUnavailable)) return false;
        world.Model.Count($"token reads: {(int)answer.StatusCode}{(rejected.Length > 0 ? " forced" : "")}");
        if (answer.StatusCode == HttpStatusCode.NotFound && user.IsConnected) world.Model.Violate("P2", $"{user.Id} was told connected and has no row");
        if (answer.StatusCode != HttpStatusCode.OK) return answer.StatusCode != HttpStatusCode.ServiceUnavailable;

        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        user.Version = body.GetProperty("version").GetInt64();
        var parts = body.GetProperty("access_token").GetString()!.Split('.');
        if (parts[1] != user.Id) world.Model.Violate("P3", $"{user.Id} was given a token of {parts[1]}");
        else if (int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture) < user.Floor) world.Model.Violate("P2", $"{user.Id} was given a token of attempt {parts[2]} after {user.Floor}");
        return true;
    }

    public async Task DisconnectAsync(SoakUser user, SoakReplica at)
    {
        using var answer = await AskAsync(at, HttpMethod.Delete, at.Gateway.InternalClient, $"connections/{user.Id}", TestSettings.InternalApiKey);
        if (answer is not null && Expect(answer, "disconnect", HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.ServiceUnavailable) && answer.StatusCode != HttpStatusCode.ServiceUnavailable)
        {
            world.Model.Count("disconnects");
            user.Disconnected();
        }
        else
        {
            user.PerhapsDisconnected();
        }
    }

    public Task ProxyAsync(SoakReplica at) => ProxiedAsync(at, "proxied requests", async () =>
    {
        var sent = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(1, 20_000));
        using var answer = await at.Gateway.Client.PostAsync("echo", new ByteArrayContent(sent));
        var received = await answer.Content.ReadAsByteArrayAsync();
        return sent.AsSpan().SequenceEqual(received);
    });

    public Task SpeakAsync(SoakReplica at) => ProxiedAsync(at, "WebSockets", async () =>
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(at.Gateway.Public) { Scheme = "ws", Path = "socket" }.Uri, limit.Token);
        var (sent, received) = (RandomNumberGenerator.GetBytes(2_000), new byte[4_096]);
        await socket.SendAsync(sent, WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
        var length = 0;
        while (length < sent.Length) length += (await socket.ReceiveAsync(received.AsMemory(length), limit.Token)).Count;
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        return sent.AsSpan().SequenceEqual(received.AsSpan(0, length));
    });

    private async Task ProxiedAsync(SoakReplica at, string what, Func<Task<bool>> exchange)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            world.Model.Count(what);
            if (!await exchange()) world.Model.Violate("P1", $"{what}: other bytes came back");
        }
        catch (Exception failure) when (failure is HttpRequestException or WebSocketException or IOException or OperationCanceledException)
        {
            if (!at.IsExcused(begun)) world.Model.Violate("P1", $"{what}: {failure.GetType().Name}");
        }
    }

    private bool Expect(HttpResponseMessage answer, string route, params HttpStatusCode[] statuses)
    {
        if (!statuses.Contains(answer.StatusCode)) world.Model.Violate("P4", $"{route} answered {(int)answer.StatusCode}");
        else if (answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests && answer.Headers.RetryAfter is null) world.Model.Violate("P4", $"{route} answered {(int)answer.StatusCode} without Retry-After");
        else return true;
        return false;
    }

    /// <summary>Null where nothing came back, which is a violation unless that gateway itself was at fault.</summary>
    private async Task<HttpResponseMessage?> AskAsync(SoakReplica at, HttpMethod method, HttpClient client, string target, string? bearer = null)
    {
        var begun = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(method, target);
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        try
        {
            return await client.SendAsync(request);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            if (!at.IsExcused(begun)) world.Model.Violate("P4", $"{target.Split('?')[0].Split('/')[0]}: {failure.GetType().Name}");
            return null;
        }
    }
}
