using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FathomGateway.Connect.Callback;

/// <summary>The outcome of a callback, and the authorization response that it belongs to.</summary>
/// <param name="Response">Digest of that response; null where it is unknown or nothing was redeemed.</param>
internal sealed record SettledCallback(CallbackOutcome Outcome, string? Response)
{
    /// <summary>Nothing was redeemed, or the outcome is unknown yet: a reload may help.</summary>
    public static readonly SettledCallback NotYet = new(CallbackOutcome.TemporarilyUnavailable, null);

    /// <summary>Separates outcome and digest in a receipt. No outcome contains it.</summary>
    private const char Separator = '#';

    /// <summary>128 bits, so that two responses of one user do not collide by chance.</summary>
    private const int DigestBytes = 16;

    /// <summary>Distinguishes responses without holding the code.</summary>
    public static string Digest(string response) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(response)).AsSpan(0, DigestBytes));

    /// <summary>
    /// The outcome for a delivery. The same state with another code is a new response with a spent state, and no second delivery.
    /// </summary>
    public CallbackOutcome For(string response) => Response is null || Response == response ? Outcome : CallbackOutcome.ExpiredState;

    public string ToReceipt() => $"{Outcome.Code}{Separator}{Response}";

    /// <summary>Parses a receipt. Receipts of former releases have no digest.</summary>
    public static SettledCallback FromReceipt(string receipt) => receipt.Split(Separator) is [var code, var response]
        ? new SettledCallback(CallbackOutcome.FromReceipt(code), response)
        : new SettledCallback(CallbackOutcome.FromReceipt(receipt), null);
}
