using System.Text;
using FathomGateway.Tests.Connect;

namespace FathomGateway.Tests.Fuzz;

/// <summary>
/// The callback's query, byte by byte. The answer is a redirect home with a <c>fathom_error</c> of the README ("The public routes"), or
/// the server's own refusal of what is no HTTP.
/// </summary>
internal sealed class CallbackQueryTarget : ITarget
{
    private readonly Stage _stage;
    private readonly ErrorLogCheck _errorLog;
    private readonly int _exchanges;

    private CallbackQueryTarget(Stage stage, IReadOnlyList<byte[]> good) =>
        (_stage, _errorLog, _exchanges, Good) = (stage, new ErrorLogCheck(stage.Gateway.Log), stage.Provider.TokenRequests.Count, good);

    public IReadOnlyList<byte[]> Good { get; }

    /// <summary>Two states that are spent: one with success, one by a denial. Nothing that follows is worth an exchange.</summary>
    public static async Task<ITarget> StartAsync()
    {
        var stage = await Stage.StartAsync();
        var (linked, denied) = (await stage.StateAsync(Fresh.User()), await stage.StateAsync(Fresh.User()));
        await stage.LandAsync(linked, "a-code");
        await stage.LandAsync($"error=access_denied&state={denied}");
        string[] good =
        [
            $"code=a-code&state={linked}", $"error=access_denied&state={denied}",
            $"error=server_error&error_description=a+b%20c&state={denied}", "code=a-code&state=v1.k1.AAAA.BBBB", "state=&code=",
            "error=", "",
            $"iss=https%3A%2F%2Fissuer.example&code=a-code&state={linked}&session_state=1#f",
        ];
        return new CallbackQueryTarget(stage, [.. good.Select(Encoding.Latin1.GetBytes)]);
    }

    public async Task<string?> ObjectionAsync(byte[] input)
    {
        var answer = await Wire.AskAsync(
            _stage.Gateway.Public, [.. "GET /fathom/callback?"u8, .. input, .. " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"u8]);
        if (answer is { Status: 302 } && !CallbackRedirect.Failures.Append(CallbackRedirect.Success).Contains(answer.Header("Location")))
            return $"led to {answer.Header("Location")}";
        if (answer is { Status: 302, Body.Length: > 0 }) return "has a body";
        // 204: an input that brings a field of prefetching along.
        if (answer is { Status: not (302 or 204 or 400 or 408 or 413 or 414 or 431 or 505) }) return $"answered {answer.Status}";
        if (_stage.Backend.Requests.Count > 0 && !BringsAnotherRequest(input)) return "reached the backend";
        return _stage.Provider.TokenRequests.Count > _exchanges ? "the provider was asked for tokens" : _errorLog.Objection();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    /// <summary>What follows an empty line is a request of its own, and may well be the backend's.</summary>
    private static bool BringsAnotherRequest(byte[] input) => input.Contains((byte)'\n');
}
