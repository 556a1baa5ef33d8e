using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace FathomGateway.Bench;

/// <summary>Users who come back from the provider, each with a state and a code of its own.</summary>
internal static class Callbacks
{
    private const string Connected = "fathom_successful=true";

    /// <summary>Number of connections for requesting states.</summary>
    private const int AtOnce = 32;

    /// <summary>Begins to connect for users of a file of JWTs, and prints their states, one a line.</summary>
    /// <param name="skipped">Lines of the file that are left out.</param>
    public static async Task<int> WriteStatesAsync(string url, string jwts, int skipped, int count)
    {
        using var client = Client(AtOnce);
        var states = new string[count];
        var users = File.ReadLines(jwts).Skip(skipped).Take(count).ToArray();
        await Parallel.ForAsync(0, users.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (user, cancel) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}/fathom/connect");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", users[user]);
            using var response = await client.SendAsync(request, cancel);
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
            var consent = new Uri(answer.GetProperty("url").GetString()!);
            states[user] = QueryHelpers.ParseQuery(consent.Query)["state"].ToString();
        });
        foreach (var state in states) Console.WriteLine(state);
        return 0;
    }

    /// <summary>
    /// Delivers one authorization response for each state of a file, a number of them at a time, and prints a line as the load generators
    /// do: requests, microseconds, p50, p99, p99.9, and how many were not connected.
    /// </summary>
    /// <param name="pause">Milliseconds that each connection waits before a request.</param>
    public static async Task<int> RunAsync(string url, string file, int connections, int pause)
    {
        using var client = Client(connections);
        var states = await File.ReadAllLinesAsync(file);
        var taken = new TimeSpan[states.Length];
        var failed = 0;
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, states.Length, new ParallelOptions { MaxDegreeOfParallelism = connections }, async (user, cancel) =>
        {
            if (pause > 0) await Task.Delay(pause, cancel);
            var sent = Stopwatch.GetTimestamp();
            var callback = new Uri($"{url}/fathom/callback?code=code-{states[user][^12..]}&state={states[user]}");
            using var response = await client.GetAsync(callback, cancel);
            taken[user] = Stopwatch.GetElapsedTime(sent);
            if (response.Headers.Location?.Query.Contains(Connected, StringComparison.Ordinal) != true) Interlocked.Increment(ref failed);
        });
        var all = Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
        Array.Sort(taken);
        Console.WriteLine($"RESULT {states.Length} {all:F0} {At(0.5):F0} {At(0.99):F0} {At(0.999):F0} {failed}");
        return 0;

        double At(double part) => taken[(int)(taken.Length * part)].TotalMicroseconds;
    }

    private static HttpClient Client(int connections) =>
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, MaxConnectionsPerServer = connections });
}
