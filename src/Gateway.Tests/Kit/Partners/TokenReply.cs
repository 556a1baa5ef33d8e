using System.Text.Json;
using WireMock.ResponseBuilders;

namespace FathomGateway.Tests.Kit;

/// <summary>What the scripted token endpoint answers.</summary>
internal sealed record TokenReply
{
    public int Status { get; init; } = 200;

    public string Body { get; init; } = "";

    public string ContentType { get; init; } = "application/json";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the provider thinks before it answers.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>A way in which WireMock can spoil the answer; worse ones are in <see cref="RawResponse"/>.</summary>
    public FaultType Fault { get; init; } = FaultType.NONE;

    /// <summary>A success as RFC 6749 section 5.1 has it; without a refresh token where that is null.</summary>
    public static TokenReply Tokens(string accessToken, string? refreshToken, int expiresIn = 3600)
    {
        var members =
            new Dictionary<string, object> { ["access_token"] = accessToken, ["token_type"] = "Bearer", ["expires_in"] = expiresIn };
        if (refreshToken is not null)
        {
            members["refresh_token"] = refreshToken;
        }

        return new TokenReply { Body = JsonSerializer.Serialize(members) };
    }

    /// <summary>A refusal as RFC 6749 section 5.2 has it.</summary>
    public static TokenReply Refusal(string error, int status = 400) =>
        new() { Status = status, Body = JsonSerializer.Serialize(new Dictionary<string, string> { ["error"] = error }) };
}
