namespace FathomGateway.Tokens;

/// <summary>The member <c>status</c> of a connection.</summary>
internal static class ConnectionStatus
{
    public const string Connected = "connected";

    /// <summary>The connection can be used no more until its user connects again.</summary>
    public const string ReconnectRequired = "reconnect_required";

    public static string Of(ReconnectRequired? reconnect) => reconnect is null ? Connected : ReconnectRequired;
}
