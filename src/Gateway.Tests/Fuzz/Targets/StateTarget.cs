using System.Text;
using FathomGateway.Tests.Connect;

namespace FathomGateway.Tests.Fuzz;

/// <summary>
/// The signed state: anything but an unchanged state of the gateway is <c>invalid_state</c>, and no token request is sent.
/// </summary>
internal sealed class StateTarget : ITarget
{
    /// <summary>Beyond 16 kB of request line the server itself refuses.</summary>
    private const int MaxTargetLength = 15_000;

    private readonly Stage _stage;
    private readonly ErrorLogCheck _errorLog;
    private readonly string[] _states;

    private StateTarget(Stage stage, string[] states) =>
        (_stage, _errorLog, _states) = (stage, new ErrorLogCheck(stage.Gateway.Log), states);

    public IReadOnlyList<byte[]> Good => [.. _states.Select(Encoding.UTF8.GetBytes)];

    public static async Task<ITarget> StartAsync()
    {
        var stage = await Stage.StartAsync();
        return new StateTarget(
            stage, [await stage.StateAsync(Fresh.User()), await stage.StateAsync("ü/'; --"), await stage.StateAsync(new string('u', 255))]);
    }

    public async Task<string?> ObjectionAsync(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        var escaped = Uri.EscapeDataString(text);
        if (_states.Contains(text) || escaped.Length > MaxTargetLength) return null;
        var redirect = await _stage.LandAsync($"code=a-code&state={escaped}");
        if (redirect != CallbackRedirect.Failure("invalid_state")) return $"landed at {redirect}";
        return _stage.Provider.TokenRequests.Count > 0 ? "the provider was asked for tokens" : _errorLog.Objection();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();
}
