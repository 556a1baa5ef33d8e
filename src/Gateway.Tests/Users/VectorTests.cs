using System.Net;
using System.Text.Json;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Conventions;
using Xunit;

namespace FathomGateway.Tests.Users;

/// <summary>Tokens that Node's jsonwebtoken and jose have made; see Vectors/make-vectors.mjs.</summary>
public sealed class VectorTests
{
    private static readonly JsonElement File = JsonDocument.Parse(
        System.IO.File.ReadAllText(Path.Combine(Repository.Root, "src", "Gateway.Tests", "Users", "Vectors", "vectors.json"))).RootElement;

    [Theory]
    [InlineData("secret", "JWT_SECRET")]
    [InlineData("short", "JWT_SECRET")]
    [InlineData("rsa", "JWT_PUBLIC_KEY")]
    [InlineData("ec", "JWT_PUBLIC_KEY")]
    public async Task JWTs_of_Nodes_libraries_are_accepted_if_valid_and_refused_if_not_T15_T16(string key, string setting)
    {
        await using var stage = await Stage.StartAsync(
            ("JWT_SECRET", null),
            (setting, File.GetProperty("keys").GetProperty(key).GetString()),
            ("JWT_ALLOW_SHORT_SECRET", key == "short" ? "true" : null));
        var vectors = File.GetProperty("vectors").EnumerateArray().Where(one => one.GetProperty("key").GetString() == key).ToArray();

        Assert.NotEmpty(vectors);
        foreach (var vector in vectors)
        {
            using var response = await stage.ConnectAsync(vector.GetProperty("token").GetString());
            // The sixth good one of a user in a row gets 429, which also shows that it is accepted.
            var good = response.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests;
            Assert.True(good == vector.GetProperty("good").GetBoolean(), $"{vector.GetProperty("name")}: {response.StatusCode}");
            if (!good) await Refusal.IsUnauthorizedAsync(response);
        }
    }
}
