using FathomGateway.Limits;
using FathomGateway.Settings.Registration;
using FathomGateway.Settings.Responses;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Internal;

/// <summary>
/// <c>/health/live</c> and <c>/health/ready</c>. Readiness does not depend on the stores: the proxy works without them, and a load balancer
/// that removed every replica during an outage of Redis would take the backend offline too.
/// </summary>
internal sealed class HealthEndpoint(HealthCheckService checks, IHostApplicationLifetime lifetime)
{
    public static Task LiveAsync(HttpContext context) => AnswerAsync(context, StatusCodes.Status200OK, new() { ["status"] = "live" });

    public async Task ReadyAsync(HttpContext context)
    {
        // The server binds this listener before others, and closes it after them.
        var phase = lifetime.ApplicationStopping.IsCancellationRequested ? "stopping"
            : lifetime.ApplicationStarted.IsCancellationRequested ? null : "starting";
        if (phase is not null)
        {
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, new() { ["status"] = phase });
            return;
        }

        var report = await checks.CheckHealthAsync(check => !DoctorChecks.IsForDoctorOnly(check), context.RequestAborted);
        var status = report.Status == HealthStatus.Healthy ? "ready" : "degraded";
        var body = new Dictionary<string, string> { ["status"] = status, ["proxy"] = "up" };
        foreach (var (name, entry) in report.Entries) body[name] = Describe(name, entry.Status);
        await AnswerAsync(context, StatusCodes.Status200OK, body);
    }

    /// <summary>
    /// A store with a failing check is down, whatever the failure. The check of the connections is only degraded, because the gateway still
    /// serves.
    /// </summary>
    private static string Describe(string name, HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "up",
        HealthStatus.Degraded when name == LimitsFeature.CheckName => "degraded",
        _ => "down",
    };

    private static Task AnswerAsync(HttpContext context, int status, Dictionary<string, string> body)
    {
        context.Response.StatusCode = status;
        return JsonResponse.WriteAsync(context, body, InternalJson.Default.DictionaryStringString);
    }
}
