namespace FathomGateway.Tokens;

/// <summary>What the provider made of a disconnect; the tokens are wiped here in any case.</summary>
internal enum DisconnectResult
{
    /// <summary>There was no connection.</summary>
    NotConnected,

    /// <summary>The provider has revoked the tokens (RFC 7009).</summary>
    Revoked,

    /// <summary>The provider was asked and did not, or could not be reached: the grant may live on there.</summary>
    NotRevoked,

    /// <summary>The provider offers no revocation: the user ends the grant in their account there.</summary>
    Unsupported,
}

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
