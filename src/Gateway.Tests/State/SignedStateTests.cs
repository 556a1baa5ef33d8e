using FathomGateway.Keys;
using FathomGateway.State;
using Xunit;

namespace FathomGateway.Tests.State;

public sealed class SignedStateTests
{
    private static readonly EncryptionKey OldKey = new("old", [.. Enumerable.Repeat((byte)1, EncryptionKey.Length)]);
    private static readonly EncryptionKey NewKey = new("new", [.. Enumerable.Repeat((byte)2, EncryptionKey.Length)]);
    private static readonly SignedState Signed = new(new KeyRing([OldKey]));
    private static readonly StateNonce Nonce = StateNonce.Create();

    [Theory]
    [InlineData("u")]
    [InlineData("ü 用户 🙂")]
    public void A_signed_state_holds_the_user_and_the_nonce(string user)
    {
        Assert.True(Signed.TryRead(Signed.Write(Some.User(user), Nonce), out var userId, out var nonce));
        Assert.Equal((Some.User(user), Nonce), (userId, nonce));
    }

    [Fact]
    public void The_longest_user_id_fits_into_a_signed_state_and_needs_no_escaping()
    {
        var longestKid = new SignedState(new KeyRing([new EncryptionKey(new string('k', EncryptionKey.MaxKidLength), [.. OldKey.Bytes])]));
        var state = longestKid.Write(Some.User(new string('x', FathomGateway.Users.UserId.MaxBytes)), Nonce);

        Assert.True(state.Length <= SignedState.MaxLength, $"{state.Length} characters");
        Assert.Equal(state, Uri.EscapeDataString(state));
        Assert.True(longestKid.TryRead(state, out _, out _));
    }

    [Fact]
    public void A_signed_state_with_any_bit_changed_is_refused_T2()
    {
        var state = Signed.Write(Some.User("ann"), Nonce);
        for (var i = 0; i < state.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var edited = $"{state[..i]}{(char)(state[i] ^ (1 << bit))}{state[(i + 1)..]}";
                Assert.False(Signed.TryRead(edited, out _, out _), edited);
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("v1.old..")]
    [InlineData("v1.old.e30.e30")]
    [InlineData("v1.old.e30.e30.e30")]
    [InlineData("v1.\0.\0.\0")]
    public void A_malformed_signed_state_is_refused_T2(string? state) => Assert.False(Signed.TryRead(state, out _, out _));

    [Fact]
    public void A_signed_state_that_is_cut_or_lengthened_is_refused_T2()
    {
        var state = Signed.Write(Some.User("ann"), Nonce);
        Assert.All(Enumerable.Range(0, state.Length), length => Assert.False(Signed.TryRead(state[..length], out _, out _)));
        Assert.All(["=", " ", "A", ".", new string('A', 10_000)], tail => Assert.False(Signed.TryRead(state + tail, out _, out _)));
    }

    [Fact]
    public void A_state_of_the_former_key_is_still_read_and_a_foreign_one_is_not_F20()
    {
        var rotated = new SignedState(new KeyRing([NewKey, OldKey]));
        Assert.True(rotated.TryRead(Signed.Write(Some.User("ann"), Nonce), out _, out _));
        Assert.False(Signed.TryRead(rotated.Write(Some.User("ann"), Nonce), out _, out _));
    }
}
