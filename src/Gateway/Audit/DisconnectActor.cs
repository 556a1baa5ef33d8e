namespace FathomGateway.Audit;

/// <summary>Who asked for a disconnect: words of the audit log. They must not change, because operators build alerts on them.</summary>
internal static class DisconnectActor
{
    /// <summary>The user, by the frontend's route.</summary>
    public const string User = "user";

    /// <summary>The holder of the internal API key.</summary>
    public const string Api = "api";

    /// <summary>An operator, by <c>gateway connections disconnect</c>.</summary>
    public const string Command = "command";
}
