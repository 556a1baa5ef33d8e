using FathomGateway.Keys;
using FathomGateway.Tokens.Encryption;
using Xunit;

namespace FathomGateway.Tests.Tokens;

public sealed class TokenCipherTests
{
    private static readonly EncryptionKey OldKey = new("old", [.. Enumerable.Repeat((byte)1, EncryptionKey.Length)]);
    private static readonly EncryptionKey NewKey = new("new", [.. Enumerable.Repeat((byte)2, EncryptionKey.Length)]);
    private static readonly TokenCipher Cipher = new(new KeyRing([OldKey]));

    [Fact]
    public void A_sealed_token_opens_in_its_own_place_and_shows_nothing_of_the_token()
    {
        var sealedToken = Cipher.Seal("a-token", Some.User("ann"), TokenColumn.AccessToken);

        Assert.StartsWith("v1:old:", sealedToken.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-token", sealedToken.Text, StringComparison.Ordinal);
        Assert.Equal("a-token", Cipher.Open(sealedToken, Some.User("ann"), TokenColumn.AccessToken));
    }

    [Fact]
    public void The_same_token_is_sealed_differently_each_time() =>
        Assert.NotEqual(
            Cipher.Seal("a-token", Some.User("ann"), TokenColumn.AccessToken),
            Cipher.Seal("a-token", Some.User("ann"), TokenColumn.AccessToken));

    [Fact]
    public void A_ciphertext_moved_to_another_row_or_column_does_not_open_T24()
    {
        var sealedToken = Cipher.Seal("a-token", Some.User("ann"), TokenColumn.AccessToken);

        Assert.Null(Cipher.Open(sealedToken, Some.User("ben"), TokenColumn.AccessToken));
        Assert.Null(Cipher.Open(sealedToken, Some.User("ann"), TokenColumn.RefreshToken));
    }

    [Fact]
    public void A_key_that_was_rotated_out_of_first_place_still_opens_and_an_unknown_one_does_not_T25()
    {
        var sealedToken = Cipher.Seal("a-token", Some.User("ann"), TokenColumn.AccessToken);

        Assert.Equal(
            "a-token", new TokenCipher(new KeyRing([NewKey, OldKey])).Open(sealedToken, Some.User("ann"), TokenColumn.AccessToken));
        Assert.Null(new TokenCipher(new KeyRing([NewKey])).Open(sealedToken, Some.User("ann"), TokenColumn.AccessToken));
        // Even where the other key goes by the same id.
        var impostor = new EncryptionKey("old", [.. NewKey.Bytes]);
        Assert.Null(new TokenCipher(new KeyRing([impostor])).Open(sealedToken, Some.User("ann"), TokenColumn.AccessToken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a-token")]
    [InlineData("v1:old:")]
    [InlineData("v1:old:not base64")]
    [InlineData("v1:old:AAAA")]
    [InlineData("v2:old:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_text_that_is_no_ciphertext_is_never_read_as_plain_text(string text) =>
        Assert.Null(Cipher.Open(new SealedToken(text), Some.User("ann"), TokenColumn.AccessToken));

    [Fact]
    public void Every_byte_of_a_sealed_token_is_authenticated()
    {
        var text = Cipher.Seal("a-token", Some.User("ann"), TokenColumn.AccessToken).Text;
        var envelope = Convert.FromBase64String(text["v1:old:".Length..]);
        for (var i = 0; i < envelope.Length; i++)
        {
            var edited = (byte[])envelope.Clone();
            edited[i] ^= 1;
            Assert.Null(
                Cipher.Open(new SealedToken($"v1:old:{Convert.ToBase64String(edited)}"), Some.User("ann"), TokenColumn.AccessToken));
        }
    }
}
