namespace FathomGateway.Sandbox.Provider;

/// <summary>One person's consent, with all tokens that were issued under it.</summary>
internal sealed class Grant(Account account)
{
    /// <summary>The account whose meetings the tokens of this grant can read.</summary>
    public Account Account { get; } = account;

    /// <summary>True once a code or refresh token of this grant was used twice: it may have been stolen.</summary>
    public bool Revoked { get; private set; }

    /// <summary>Revokes every token of the grant.</summary>
    public void Revoke() => Revoked = true;
}
