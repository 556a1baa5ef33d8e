namespace FathomGateway.Sandbox.Provider;

/// <summary>One person's consent, and with it the family of all tokens that descend from it.</summary>
internal sealed class Grant(Account account)
{
    /// <summary>Whose meetings the tokens of this grant open.</summary>
    public Account Account { get; } = account;

    /// <summary>True once a code or refresh token of this grant was used twice: somebody may have stolen it.</summary>
    public bool Revoked { get; private set; }

    /// <summary>Ends every token of the family, for good.</summary>
    public void Revoke() => Revoked = true;
}
