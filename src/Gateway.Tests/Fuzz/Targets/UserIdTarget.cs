using System.Text;
using System.Text.Json;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Internal;

namespace FathomGateway.Tests.Fuzz;

/// <summary>User ids in paths: the connection of the user whose id was encoded, "not connected", or "no user id".</summary>
internal sealed class UserIdTarget(Stage stage, string[] users) : ITarget
{
    private readonly ErrorLogCheck _errorLog = new(stage.Gateway.Log);

    public IReadOnlyList<byte[]> Good { get; } = [.. users.Select(user => Encoding.Latin1.GetBytes(
        InternalCalls.EveryByteEncoded(user))), .. users.Select(user => Encoding.Latin1.GetBytes(Uri.EscapeDataString(user)))];

    public static async Task<ITarget> StartAsync()
    {
        var stage = await Stage.StartAsync();
        string[] users = ["ann", "..", "a/b", "a%2Fb", "é🦊", "access-token"];
        foreach (var user in users) await stage.LinkAsync(user);
        return new UserIdTarget(stage, users);
    }

    public async Task<string?> ObjectionAsync(byte[] input)
    {
        // A slash, a question mark or a blank would end the segment: other inputs are about those.
        var segment = new string([.. Encoding.Latin1.GetString(input).Where(one => one is > ' ' and <= '~' and not ('/' or '?' or '#'))]);
        if (segment.Length > 4_000) segment = segment[..4_000];
        var answer = await stage.Gateway.RawAsync("GET", $"/connections/{segment}");
        if (answer.Status is 400 or 404) return _errorLog.Objection();
        if (answer.Status != 200) return $"answered {answer.Status} to {segment}";
        var shown = JsonElement.Parse(answer.BodyText).GetProperty("user_id").GetString()!;
        return shown == Uri.UnescapeDataString(segment) && users.Contains(shown) ? _errorLog.Objection() : $"{segment} showed {shown}";
    }

    public ValueTask DisposeAsync() => stage.DisposeAsync();
}
