using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FathomGateway.Connect.Callback;

/// <summary>The outcome of a callback, and which authorization response it is the outcome of.</summary>
/// <param name="Response">Digest of that response; null where it is not known, or nothing has been redeemed.</param>
internal sealed record SettledCallback(CallbackOutcome Outcome, string? Response)
{
    /// <summary>Nothing has been redeemed, or nobody knows yet what became of it: worth a reload.</summary>
    public static readonly SettledCallback NotYet = new(CallbackOutcome.TemporarilyUnavailable, null);

    /// <summary>Stands between outcome and digest in a receipt; no outcome holds it.</summary>
    private const char Separator = '#';

    /// <summary>128 bits: two responses of one user do not meet by chance.</summary>
    private const int DigestBytes = 16;

    /// <summary>What tells one response from another, without the code itself.</summary>
    public static string Digest(string response) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(response)).AsSpan(0, DigestBytes));

    /// <summary>What a delivery is answered. The same state with another code is no second delivery: its state is spent.</summary>
    public CallbackOutcome For(string response) => Response is null || Response == response ? Outcome : CallbackOutcome.ExpiredState;

    public string ToReceipt() => $"{Outcome.Code}{Separator}{Response}";

    /// <summary>Reads a receipt, those of a former release included, which say nothing of the response.</summary>
    public static SettledCallback FromReceipt(string receipt) => receipt.Split(Separator) is [var code, var response]
        ? new SettledCallback(CallbackOutcome.FromReceipt(code), response)
        : new SettledCallback(CallbackOutcome.FromReceipt(receipt), null);
}
