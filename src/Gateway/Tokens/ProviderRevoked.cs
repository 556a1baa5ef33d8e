namespace FathomGateway.Tokens;

/// <summary>The member <c>provider_revoked</c> of an answer to a disconnect: what the provider made of it.</summary>
internal static class ProviderRevoked
{
    public const string MemberName = "provider_revoked";

    /// <returns>Null where there was no connection to end.</returns>
    public static string? Word(DisconnectResult result) => result switch
    {
        DisconnectResult.Revoked => "yes",
        DisconnectResult.NotRevoked => "no",
        DisconnectResult.Unsupported => "unsupported",
        _ => null,
    };
}
