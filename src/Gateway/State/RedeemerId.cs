using System.Buffers.Text;
using System.Security.Cryptography;

namespace FathomGateway.State;

/// <summary>
/// Names one attempt to redeem a state. A redeemer whose answer was lost asks again under the same name and is given the same answer;
/// to everybody else the state is pending.
/// </summary>
internal readonly record struct RedeemerId
{
    /// <summary>Redeemers of one state must not meet by chance; nobody else is told the name.</summary>
    private const int LengthInBytes = 16;

    private RedeemerId(string text) => Text = text;

    /// <summary>base64url without padding.</summary>
    public string Text { get; }

    public static RedeemerId Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(LengthInBytes)));

    public override string ToString() => Text;
}
