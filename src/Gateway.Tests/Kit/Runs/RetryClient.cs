using System.Net;
using Xunit;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// Asks again where the gateway says "not now", as Retry-After tells a page to: on a busy machine a store's limit of one second can pass.
/// Asking again can also hide a fault of the gateway, so each time is noted down in the file that <c>TEST_RETRIES</c> names; <c>test.sh</c>
/// prints them.
/// </summary>
internal static class RetryClient
{
    /// <summary>A user's fifth try would meet the rate limit.</summary>
    private const int Tries = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly Lock Gate = new();

    public static Task<HttpResponseMessage> AskAsync(Func<Task<HttpResponseMessage>> ask) =>
        AskAsync(ask, answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable);

    /// <param name="isNotNow">Whether an answer is of that kind.</param>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask, Func<T, bool> isNotNow)
    {
        for (var left = Tries - 1; ; left--)
        {
            var answer = await ask();
            if (left == 0 || !isNotNow(answer)) return answer;
            (answer as IDisposable)?.Dispose();
            Note();
            await Task.Delay(Pause);
        }
    }

    /// <summary>Notes down that the running test has asked again.</summary>
    public static void Note()
    {
        if (Environment.GetEnvironmentVariable("TEST_RETRIES") is not { Length: > 0 } file) return;
        lock (Gate) File.AppendAllText(file, $"{TestContext.Current.Test?.TestDisplayName ?? "outside of a test"}\n");
    }
}
