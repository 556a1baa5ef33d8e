using FathomGateway.Sandbox.Hosting;

namespace FathomGateway.Sandbox;

/// <summary>The secrets that gateway and backend share, new for each sandbox.</summary>
/// <param name="Jwt">Signs the backend's JWTs (<c>JWT_SECRET</c>).</param>
/// <param name="InternalApiKey">Opens the gateway's internal listener (<c>INTERNAL_API_KEY</c>).</param>
/// <param name="Events">The secret of events that the backend knows at first.</param>
/// <param name="NextEvents">The one that it is changed to.</param>
internal sealed record SandboxSecrets(string Jwt, string InternalApiKey, string Events, string NextEvents)
{
    /// <summary><c>EVENTS_SECRET</c> during a change of the secret: the new secret and the previous one.</summary>
    public string EventsSetting => $"{NextEvents} {Events}";

    /// <summary>What the receivers of docs/backend.md read from the environment, as lines for a shell.</summary>
    /// <param name="receiver">Where the receiver takes events. It takes Fathom's webhooks beside them.</param>
    /// <param name="gateway">The gateway's internal listener.</param>
    public IReadOnlyList<string> ReceiverVariables(Uri receiver, Uri gateway) =>
    [
        $"export EVENTS_SECRET='{Events}' INTERNAL_API_KEY='{InternalApiKey}'",
        $"export FATHOM_GATEWAY='{Origin.Of(gateway)}' FATHOM_WEBHOOK_URL='{Origin.Of(receiver)}/fathom-webhook'",
    ];

    /// <summary>New random ones.</summary>
    public static SandboxSecrets New() =>
        new(Secret.New(), Secret.New(), WebhookSignature.NewSecret(), WebhookSignature.NewSecret());
}
