using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.WebUtilities;

namespace FathomGateway.Tests.Soak;

/// <summary>What users and the backend do, each step held against the model.</summary>
internal sealed partial class SoakSteps(SoakEnvironment environment)
{
    private const string Success = "connected";

    private static readonly string[] Errors =
        [
            "access_denied", "invalid_state", "expired_state", "exchange_failed", "provider_unavailable", "temporarily_unavailable",
            "not_confirmed"
        ];

    /// <summary>Now and then the browser delivers the callback twice, to two gateways at once.</summary>
    /// <returns>Whether the user was told that they are connected.</returns>
    public async Task<bool> ConnectAsync(SoakUser user, SoakReplica at, SoakReplica back, SoakReplica? backAgain = null)
    {
        environment.Model.Count("flows begun");
        using var begun = await AskAsync(at, HttpMethod.Get, one => one.Client, "fathom/connect", Jwt.For(user.Id));
        if (begun is null
            || !Expect(begun, "connect", HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable)
            || !begun.IsSuccessStatusCode) return false;
        var url = JsonDocument.Parse(await begun.Content.ReadAsStringAsync()).RootElement.GetProperty("url").GetString()!;
        var attempt = user.Begin();
        var target = $"fathom/callback?code={user.CodeOf(attempt)}&state={QueryHelpers.ParseQuery(new Uri(url).Query)["state"]}";

        var told = await Task.WhenAll(new[] { back, backAgain }.OfType<SoakReplica>().Select(one => LandAsync(one, target)));
        if (told is [{ } first, { } second] && first != second && !told.Any(IsNoVerdict))
            environment.Model.Violate("P4", $"one callback was told {first} and {second}");
        if (!told.Contains(Success)) return false;
        user.Connected(attempt);
        return true;
    }

    private async Task<string?> LandAsync(SoakReplica at, string target)
    {
        using var ended = await AskAsync(at, HttpMethod.Get, one => one.Client, target);
        if (ended is null || !Expect(ended, "callback", HttpStatusCode.Found)) return null;
        var landed = ended.Headers.Location!.OriginalString;
        var told = landed.EndsWith("?fathom_successful=true", StringComparison.Ordinal) ? Success : landed[(landed.LastIndexOf('=') + 1)..];
        environment.Model.Count(told == Success ? "flows connected" : $"flows refused: {told}");
        if (told != Success && !Errors.Contains(told)) environment.Model.Violate("P4", "a callback landed at an unknown error");
        return told;
    }

    /// <summary>While Redis is down the result of the other delivery is unknown.</summary>
    private static bool IsNoVerdict(string? told) => told is null or "temporarily_unavailable" or "expired_state";

    /// <summary>The backend reads the user's token, and at times says that the last one was refused.</summary>
    /// <returns>Whether there was an answer that is right in quiet times.</returns>
    public async Task<bool> ReadAsync(SoakUser user, SoakReplica at, bool forced)
    {
        var rejected = forced && user.Version is { } version ? $"?rejected_version={version}" : "";
        using var answer = await AskAsync(
            at, HttpMethod.Get, one => one.InternalClient, $"connections/{user.Id}/access-token{rejected}", TestSettings.InternalApiKey);
        if (answer is null || !Expect(
            answer, "access-token", HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Conflict,
            HttpStatusCode.ServiceUnavailable)) return false;
        environment.Model.Count($"token reads: {(int)answer.StatusCode}{(rejected.Length > 0 ? " forced" : "")}");
        if (answer.StatusCode == HttpStatusCode.NotFound && user.IsConnected)
            environment.Model.Violate("P2", $"{user.Id} was told connected and has no row");
        if (answer.StatusCode == HttpStatusCode.Conflict && user.OnlyCode is { } code && environment.Provider.IsLive(code))
            environment.Model.Violate("P4", $"{user.Id} was asked to connect again while the provider honours the grant");
        if (answer.StatusCode != HttpStatusCode.OK) return answer.StatusCode != HttpStatusCode.ServiceUnavailable;

        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        user.Version = body.GetProperty("version").GetInt64();
        var parts = body.GetProperty("access_token").GetString()!.Split('.');
        if (parts[1] != user.Id) environment.Model.Violate("P3", $"{user.Id} was given a token of {parts[1]}");
        else if (int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture) < user.Floor)
            environment.Model.Violate("P2", $"{user.Id} was given a token of attempt {parts[2]} after {user.Floor}");
        return true;
    }

    /// <param name="byUser">Whether the user does so, with the JWT of the app. Otherwise the backend does.</param>
    public async Task DisconnectAsync(SoakUser user, SoakReplica at, bool byUser)
    {
        using var answer = byUser
            ? await AskAsync(at, HttpMethod.Delete, one => one.Client, "fathom/connection", Jwt.For(user.Id))
            : await AskAsync(at, HttpMethod.Delete, one => one.InternalClient, $"connections/{user.Id}", TestSettings.InternalApiKey);
        if (answer is not null
            && Expect(answer, "disconnect", HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.ServiceUnavailable)
            && answer.StatusCode != HttpStatusCode.ServiceUnavailable)
        {
            environment.Model.Count($"disconnects by the {(byUser ? "user" : "backend")}: {(int)answer.StatusCode}");
            user.Disconnected();
        }
        else
        {
            user.PerhapsDisconnected(isAnswered: answer is not null);
        }
    }

    private bool Expect(HttpResponseMessage answer, string route, params HttpStatusCode[] statuses)
    {
        if (!statuses.Contains(answer.StatusCode)) environment.Model.Violate("P4", $"{route} answered {(int)answer.StatusCode}");
        else if (answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
            && answer.Headers.RetryAfter is null)
            environment.Model.Violate("P4", $"{route} answered {(int)answer.StatusCode} without Retry-After");
        else return true;
        return false;
    }

    /// <summary>Null where nothing came back, which is a violation unless that gateway itself was at fault.</summary>
    private async Task<HttpResponseMessage?> AskAsync(
        SoakReplica at, HttpMethod method, Func<GatewayProcess, HttpClient> client, string target, string? bearer = null)
    {
        var begun = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(method, target);
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        try
        {
            // Looked up after the time above, so that who gets the client of a replaced process began before the restart was over.
            return await client(at.Gateway).SendAsync(request);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            if (!at.IsExcused(begun)) environment.Model.Violate("P4", $"{target.Split('?')[0].Split('/')[0]}: {failure.GetType().Name}");
            return null;
        }
    }
}
