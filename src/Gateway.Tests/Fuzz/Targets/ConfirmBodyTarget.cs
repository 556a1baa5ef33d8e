using System.Net.Http.Headers;
using System.Text;
using FathomGateway.Tests.Connect;

namespace FathomGateway.Tests.Fuzz;

/// <summary>Bodies of <c>/fathom/confirm</c>: a problem, never a token request, since no handle in them is the sender's.</summary>
internal sealed class ConfirmBodyTarget : ITarget
{
    private readonly Stage _stage;
    private readonly ErrorLogCheck _errorLog;

    private ConfirmBodyTarget(Stage stage, string handle)
    {
        (_stage, _errorLog) = (stage, new ErrorLogCheck(stage.Gateway.Log));
        string[] good =
        [
            $$"""{"handle":"{{handle}}"}""", """{"handle":"v1.k1.AAAA.BBBB"}""", """{"handle":null}""",
            """{"other":{"a":[1,2]},"handle":"x"}""", "[]", "\"x\"", ""
        ];
        Good = [.. good.Select(Encoding.UTF8.GetBytes)];
    }

    public IReadOnlyList<byte[]> Good { get; }

    public static async Task<ITarget> StartAsync()
    {
        var stage = await Stage.StartAsync(("LINK_BINDING", "confirm"));
        var owner = new BrowserUser(stage, Fresh.User());
        return new ConfirmBodyTarget(stage, await owner.ParkAsync(await owner.BeginAsync(), Fresh.Code()));
    }

    public async Task<string?> ObjectionAsync(byte[] input)
    {
        using var content = new ByteArrayContent(input) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var answer = await new BrowserUser(_stage, Fresh.User()).PostAsync(content);
        if ((int)answer.StatusCode is not (400 or 403 or 413)) return $"answered {answer.StatusCode}";
        await Refusal.IsProblemAsync(answer);
        return _stage.Provider.TokenRequests.Count > 0 ? "the provider was asked for tokens" : _errorLog.Objection();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();
}
