using System.Text;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Fuzz;

/// <summary>
/// Raw bytes on the internal listener: nothing about a user without the key, and only statuses that its description knows.
/// </summary>
internal sealed class InternalBytesTarget : ITarget
{
    private readonly Stage _stage;
    private readonly ErrorLogCheck _errorLog;

    private InternalBytesTarget(Stage stage, string user)
    {
        (_stage, _errorLog) = (stage, new ErrorLogCheck(stage.Gateway.Log));
        string[] good =
        [
            Request("GET", $"/connections/{user}"), Request("GET", $"/connections/{user}/access-token?rejected_version=1"),
            Request("DELETE", $"/connections/{user}"), Request("GET", "/metrics"), Request("GET", "/health/ready"),
            Request("POST", $"/connections/{user}/fathom/meetings", "Content-Length: 2\r\n", "{}"),
            Request("GET", $"http://h/connections/{user}/Access-Token/"), Request("GET", "/openapi.json"),
            Request("GET", "/connections/%00"),
        ];
        Good = [.. good.Select(Encoding.Latin1.GetBytes)];
    }

    public IReadOnlyList<byte[]> Good { get; }

    public static async Task<ITarget> StartAsync()
    {
        var stage = await Stage.StartAsync();
        var user = Fresh.User();
        await stage.LinkAsync(user);
        return new InternalBytesTarget(stage, user);
    }

    public async Task<string?> ObjectionAsync(byte[] input)
    {
        if (await Wire.AskAsync(_stage.Gateway.Internal, input) is not { } answer) return _errorLog.Objection();
        // 502: the provider's API of this stage knows no path, and may be sent a method that its server refuses.
        if (answer.Status is < 100 or 500 or > 505) return $"answered {answer.Status}";
        var text = Encoding.Latin1.GetString(input);
        if (!text.Contains(TestSettings.InternalApiKey, StringComparison.Ordinal)
            && (answer.BodyText.Contains("user_id", StringComparison.Ordinal)
                || answer.BodyText.Contains("\"access_token\"", StringComparison.Ordinal))
            && answer.Header("Content-Type") == "application/json; charset=utf-8"
            && !answer.BodyText.Contains("openapi", StringComparison.Ordinal))
        {
            return "told of a user without the key";
        }

        return _errorLog.Objection();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    private static string Request(string method, string target, string more = "", string body = "") =>
        $"{method} {target} HTTP/1.1\r\nHost: h\r\n{more}Authorization: Bearer {TestSettings.InternalApiKey}\r\n\r\n{body}";
}
