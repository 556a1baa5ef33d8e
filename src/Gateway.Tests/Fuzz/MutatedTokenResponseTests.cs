using System.Text;
using System.Text.Json;
using FathomGateway.Fathom.TokenEndpoint;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FathomGateway.Tests.Fuzz;

/// <summary>
/// Many bodies of a token response, without the gateway around what reads them: <see cref="TokenResponseTarget"/> has that, and tries
/// fewer.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class MutatedTokenResponseTests
{
    private const int Count = 10_000;

    private static readonly byte[][] Good =
    [
        .. new[]
        {
            """{"access_token":"a-1","token_type":"Bearer","refresh_token":"r-1","expires_in":3600,"scope":"public_api"}""",
            """{"access_token":"a-2","expires_in":"60"}""",
            """{"access_token":"a-3","token_type":"bearer","expires_in":1e9,"more":{"a":[1,2,{}]}}""",
            """{"error":"invalid_grant","error_description":"é <script>"}""", """{"error":null,"access_token":"\u0061"}""", "null", "[]",
            "<html>",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void Mutated_token_responses_yield_usable_tokens_or_none_F13()
    {
        var seed = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray()) >> 16;
        var granted = 0;
        foreach (var body in Inputs.From(Good).Sample(Count, new Rnd(seed), Count))
        {
            var status = granted % 2 == 0 ? 200 : 201;
            var told = $"seed {seed}: {Convert.ToBase64String(body)}";
            var result = Record(() => TokenResponse.Read(status, body, DateTimeOffset.UtcNow), told);
            Assert.True(result is TokenResult.Granted or TokenResult.Refused or TokenResult.Malformed, told);
            if (result is not TokenResult.Granted { Tokens: var tokens }) continue;
            granted++;
            Assert.True(IsUsable(tokens.AccessToken) && (tokens.RefreshToken is null || IsUsable(tokens.RefreshToken)), told);
            Assert.True(tokens.Lifetime >= TimeSpan.FromSeconds(1) && tokens.Lifetime <= TimeSpan.FromDays(365), told);
            // Nothing is made up: another reader finds the same token in it.
            using var json = JsonDocument.Parse(body.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? body.AsMemory(3) : body);
            Assert.Equal(json.RootElement.GetProperty("access_token").GetString()!.Trim(' ', '\t'), tokens.AccessToken);
        }

        // Mutated beyond recognition they would prove nothing.
        Assert.InRange(granted, Count / 100, Count);
    }

    private static bool IsUsable(string token) => token.Length > 0 && token.All(one => one is > ' ' and <= '~');

    private static TokenResult Record(Func<TokenResult> read, string told)
    {
        try
        {
            return read();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(told, failure);
        }
    }
}
