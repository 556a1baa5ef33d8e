using System.Buffers.Text;
using FathomGateway.State;
using FathomGateway.Tests.Connect;
using Xunit;

namespace FathomGateway.Tests.State;

public sealed class StateNonceTests(Stage stage) : IClassFixture<Stage>
{
    /// <summary>RFC 6749, section 10.10, asks for 128 bits at least.</summary>
    private const int RandomBytes = 32;

    private const int Samples = 64;

    [Fact]
    public void Each_of_the_32_bytes_of_a_nonce_is_random_T2()
    {
        var samples = Enumerable.Range(0, Samples).Select(_ => StateNonce.Create().ToBytes()).ToArray();

        Assert.All(samples, sample => Assert.Equal(RandomBytes, sample.Length));
        // Of 64 random values of a byte, fewer than 16 different ones are as good as impossible.
        Assert.All(
            Enumerable.Range(0, RandomBytes),
            place => Assert.True(samples.Select(sample => sample[place]).Distinct().Count() > 16, $"byte {place}"));
    }

    [Fact]
    public async Task The_state_that_a_browser_carries_holds_32_random_bytes_and_the_user_T2()
    {
        var user = Fresh.User();
        var payloads = new List<byte[]>();
        while (payloads.Count < 3) payloads.Add(Base64Url.DecodeFromChars((await stage.StateAsync(user)).Split('.')[2]));

        Assert.All(payloads, payload => Assert.Equal(user, System.Text.Encoding.UTF8.GetString(payload.AsSpan(RandomBytes))));
        Assert.Equal(3, payloads.Select(payload => Convert.ToHexString(payload.AsSpan(0, RandomBytes / 2))).Distinct().Count());
        Assert.Equal(
            3, payloads.Select(payload => Convert.ToHexString(payload.AsSpan(RandomBytes / 2, RandomBytes / 2))).Distinct().Count());
    }
}
