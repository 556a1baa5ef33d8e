using FathomGateway.Hosting;
using FathomGateway.Hosting.Listening;
using FathomGateway.Settings;

namespace FathomGateway.Cli;

/// <summary>
/// <c>gateway health</c>: asks the gateway on this machine whether it is live, for container images without a shell or curl.
/// </summary>
internal static class HealthCommand
{
    /// <summary>Shorter than common time limits of container health checks, so that the command can still print the reason.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(4);

    /// <returns>0 when <c>/health/live</c> answers with success, else 1. Docker accepts no other code from a health check.</returns>
    public static async Task<int> RunAsync()
    {
        try
        {
            var settings = new SettingsReader(GatewayConfiguration.Load());
            var live = new Uri(InternalListenerAddress.Of(settings), "health/live");
            settings.ThrowIfFaulty();
            return await AskAsync(live);
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync(
                StartupFailure.Explain(failure) ?? $"The gateway cannot be asked ({failure.GetType().Name}).");
            return 1;
        }
    }

    private static async Task<int> AskAsync(Uri live)
    {
        // The environment's HTTP proxy is for external addresses.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = AnswerTimeout };
        try
        {
            using var response = await client.GetAsync(live);
            if (response.IsSuccessStatusCode) return 0;
            await Console.Error.WriteLineAsync($"{live} answered {(int)response.StatusCode}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                $"{live} does not answer: is the gateway running, with this MANAGEMENT_PORT and MANAGEMENT_HOST?");
        }

        return 1;
    }
}
