using FathomGateway.Events;
using FathomGateway.Events.Outbox;
using FathomGateway.Tokens;

namespace FathomGateway.Cli.Doctor;

/// <summary><c>gateway doctor --send-event</c>: checks that the receiver accepts a signed event.</summary>
internal static class DoctorTestEvent
{
    private const string Subject = "events";

    /// <summary>No user's id. A receiver ignores the event by its type.</summary>
    private const string TestUserId = "gateway-doctor";

    public static async Task<DoctorFinding> SendAsync(IServiceProvider services)
    {
        if (services.GetService<EventSender>() is not { } sender)
        {
            return new DoctorFinding(Subject, DoctorStatus.Fail, $"{EventsOptions.UrlName} is not set: no event is written or posted.");
        }

        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var test = new StoredEvent(
            0, ConnectionEvents.NewSuffix(), TestUserId, StoredEvent.TestType, 0, null, null, now, null, 0, null, null, null, null, now);
        var answer = await sender.SendAsync(test, CancellationToken.None);
        // The path may hold a secret of the receiver.
        var receiver = $"{EventsOptions.UrlName} ({sender.Url.Authority})";
        return answer.Result is not { } result
            ? new DoctorFinding(Subject, DoctorStatus.Ok, $"{receiver} took a signed event of the type {StoredEvent.TestType}.")
            : new DoctorFinding(Subject, DoctorStatus.Fail, $"{receiver} did not take a signed test event: {result}. {Remedy(result)}");
    }

    private static string Remedy(string result) => result switch
    {
        "status 401" or "status 403" or "status 400" =>
            $"Give the receiver the key of {EventsOptions.SecretName}, let it verify the body to the byte, and compare the clocks: "
                + "receivers refuse a signature that is some minutes off.",
        _ when result.StartsWith("status 3", StringComparison.Ordinal) =>
            $"Redirects are not followed: write the address that it leads to into {EventsOptions.UrlName}.",
        _ when result.StartsWith("status", StringComparison.Ordinal) =>
            $"Check the path of {EventsOptions.UrlName}, and let the receiver answer 2xx to every event, those that it has no use for too.",
        "no TLS" =>
            "Let it send its whole certificate chain, of an authority that this machine trusts (SSL_CERT_FILE adds one), for the name in "
                + $"{EventsOptions.UrlName}.",
        _ => $"Check host and port of {EventsOptions.UrlName}, and that it answers within {EventSender.Timeout.TotalSeconds:0} s.",
    };
}
