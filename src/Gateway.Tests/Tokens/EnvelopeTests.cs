using System.Diagnostics;
using FathomGateway.Keys;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Encryption;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>The written form of stored tokens, read by a program that shares no code with the gateway.</summary>
public sealed class EnvelopeTests
{
    private const string UserId = "ü 用户 🙂", Token = "an-access-token";

    private static readonly string Key = TestSettings.NewKey("k1");

    private static readonly string Envelope =
        new TokenCipher(new KeyRing([new EncryptionKey("k1", Convert.FromBase64String(Key[3..]))])).Seal(
            Token, Some.User(UserId), TokenColumn.AccessToken).Text;

    [Fact]
    public async Task Node_opens_a_stored_token_with_the_key_T23() =>
        Assert.Equal((0, Token), await OpenAsync(UserId, "AccessToken", Key));

    [Fact]
    public async Task Node_does_not_open_a_stored_token_without_the_key_or_in_another_place_T23_T24()
    {
        foreach (var (user, column, key) in new[] { (
            UserId, "AccessToken", TestSettings.NewKey("k1")), (UserId, "RefreshToken", Key), ("another", "AccessToken", Key) })
        {
            var (exitCode, output) = await OpenAsync(user, column, key);
            Assert.NotEqual(0, exitCode);
            Assert.Equal("", output);
        }
    }

    private static async Task<(int ExitCode, string Output)> OpenAsync(string user, string column, string key)
    {
        var script = Path.Combine(Repository.Root, "src", "Gateway.Tests", "Tokens", "open-token.mjs");
        var node = Programs.Find("node", "install Node.js, on Debian: apt-get install nodejs");
        await using var process = ChildProcess.Start(new ProcessStartInfo(node, [script, Envelope, user, column, key]));
        return (await process.ExitCodeAsync(TimeSpan.FromSeconds(60)), process.Output);
    }
}
