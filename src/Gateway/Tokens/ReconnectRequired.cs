namespace FathomGateway.Tokens;

/// <summary>Only the user can mend this connection, by connecting again.</summary>
/// <param name="Reason">One of <see cref="ReconnectReason"/>.</param>
/// <param name="At">When it was found out.</param>
internal sealed record ReconnectRequired(string Reason, DateTimeOffset At);
