using System.Collections.Frozen;

namespace FathomGateway.Connect.Callback;

/// <summary>The outcome of an authorization that the frontend gets: a closed set, so that no text of the provider reaches a page.</summary>
internal sealed class CallbackOutcome
{
    /// <summary>The tokens were committed.</summary>
    public static readonly CallbackOutcome Connected = new("connected");

    /// <summary>The user denied access at the provider.</summary>
    public static readonly CallbackOutcome AccessDenied = new("access_denied");

    /// <summary>The gateway did not issue this state.</summary>
    public static readonly CallbackOutcome InvalidState = new("invalid_state");

    /// <summary>The gateway issued this state, and it has expired.</summary>
    public static readonly CallbackOutcome ExpiredState = new("expired_state");

    /// <summary>The provider answered, but not with tokens.</summary>
    public static readonly CallbackOutcome ExchangeFailed = new("exchange_failed");

    /// <summary>The provider did not answer, limits calls, or says that it cannot serve now: another attempt may succeed.</summary>
    public static readonly CallbackOutcome ProviderUnavailable = new("provider_unavailable");

    /// <summary>A store of the gateway was unavailable.</summary>
    public static readonly CallbackOutcome TemporarilyUnavailable = new("temporarily_unavailable");

    /// <summary>The user who consented or confirmed is not known to be the one who started.</summary>
    public static readonly CallbackOutcome NotConfirmed = new("not_confirmed");

    /// <summary>The code is parked, and the frontend has to confirm the link. Neither a failure nor the end.</summary>
    public static readonly CallbackOutcome ToConfirm = new("to_confirm");

    private static readonly FrozenDictionary<string, CallbackOutcome> ByCode =
        new[]
        {
            Connected, AccessDenied, InvalidState, ExpiredState, ExchangeFailed, ProviderUnavailable, TemporarilyUnavailable,
            NotConfirmed, ToConfirm,
        }
            .ToFrozenDictionary(one => one.Code);

    private CallbackOutcome(string code) => Code = code;

    /// <summary>The value of <c>fathom_error</c>, or <c>connected</c>. Receipts hold it too.</summary>
    public string Code { get; }

    /// <summary>Whether the attempt ended without a connection.</summary>
    public bool IsFailure => this != Connected && this != ToConfirm;

    /// <summary>The query of the frontend's return address.</summary>
    public string Query => this == Connected ? "?fathom_successful=true" : $"?fathom_successful=false&fathom_error={Code}";

    /// <summary>The outcome in a receipt. A code of a newer release counts as unavailable.</summary>
    public static CallbackOutcome FromReceipt(string code) => ByCode.GetValueOrDefault(code, TemporarilyUnavailable);

    public override string ToString() => Code;
}
