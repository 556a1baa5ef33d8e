namespace FathomGateway.Settings.Responses;

/// <summary>
/// Marks responses on proxied routes that the gateway itself made, so that they are not mistaken for the backend's.
/// </summary>
internal static class ErrorField
{
    /// <summary>The value of the field is the reason, one word.</summary>
    public const string Name = "X-Gateway-Error";
}
