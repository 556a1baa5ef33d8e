using System.Collections.Frozen;

namespace FathomGateway.Connect.Callback;

/// <summary>
/// How an authorization ended, as the frontend is told: a closed set, so that no text of the provider's ever reaches a page.
/// </summary>
internal sealed class CallbackOutcome
{
    /// <summary>The tokens are committed.</summary>
    public static readonly CallbackOutcome Connected = new("connected");

    /// <summary>The user said no at the provider.</summary>
    public static readonly CallbackOutcome AccessDenied = new("access_denied");

    /// <summary>The state is not one of ours.</summary>
    public static readonly CallbackOutcome InvalidState = new("invalid_state");

    /// <summary>The state is one of ours, and its time is over.</summary>
    public static readonly CallbackOutcome ExpiredState = new("expired_state");

    /// <summary>The provider answered, and not with tokens.</summary>
    public static readonly CallbackOutcome ExchangeFailed = new("exchange_failed");

    /// <summary>The provider could not serve.</summary>
    public static readonly CallbackOutcome ProviderUnavailable = new("provider_unavailable");

    /// <summary>A store of ours could not serve.</summary>
    public static readonly CallbackOutcome TemporarilyUnavailable = new("temporarily_unavailable");

    /// <summary>The one who consented, or who confirms, is not known to be the one who began.</summary>
    public static readonly CallbackOutcome NotConfirmed = new("not_confirmed");

    /// <summary>The code is parked; the frontend has to confirm whose it is. No failure, and not the end.</summary>
    public static readonly CallbackOutcome ToConfirm = new("to_confirm");

    private static readonly FrozenDictionary<string, CallbackOutcome> ByCode =
        new[]
        {
            Connected, AccessDenied, InvalidState, ExpiredState, ExchangeFailed, ProviderUnavailable, TemporarilyUnavailable,
            NotConfirmed, ToConfirm,
        }
            .ToFrozenDictionary(one => one.Code);

    private CallbackOutcome(string code) => Code = code;

    /// <summary>The value of <c>fathom_error</c>, or <c>connected</c>; also what receipts hold.</summary>
    public string Code { get; }

    /// <summary>Whether the attempt has ended without a connection.</summary>
    public bool IsFailure => this != Connected && this != ToConfirm;

    /// <summary>The query that the frontend is returned to with.</summary>
    public string Query => this == Connected ? "?fathom_successful=true" : $"?fathom_successful=false&fathom_error={Code}";

    /// <summary>
    /// The outcome that a receipt tells of; one that a newer release wrote and this one does not know counts as unavailable.
    /// </summary>
    public static CallbackOutcome FromReceipt(string code) => ByCode.GetValueOrDefault(code, TemporarilyUnavailable);

    public override string ToString() => Code;
}
