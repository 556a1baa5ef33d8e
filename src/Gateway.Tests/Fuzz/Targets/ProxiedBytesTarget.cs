using System.Text;
using FathomGateway.Tests.Connect;

namespace FathomGateway.Tests.Fuzz;

/// <summary>Requests that are well formed, made of the input's bytes: what the backend gets is what was sent, or it gets nothing.</summary>
internal sealed class ProxiedBytesTarget(Stage stage) : ITarget
{
    private readonly ErrorLogCheck _errorLog = new(stage.Gateway.Log);

    public IReadOnlyList<byte[]> Good { get; } =
    [
        .. new[]
        {
            "/fathom/connect", "/fathom/%63onnect/", "/x/../fathom/callback?code=c&state=s", "//fathom/connect", "/fathom%2fconnect",
            "/fathom/connect;a=b", "/FATHOM/./Callback", "/items/1?a=%20+&b=[]{}|", "/a/%2e%2e/b%00%ff", "/\u00ff?\u00e9",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public static async Task<ITarget> StartAsync() => new ProxiedBytesTarget(await Stage.StartAsync());

    public async Task<string?> ObjectionAsync(byte[] input)
    {
        var target = $"/{Only(input, '!', '~').TrimStart('/')}";
        if (input is [(byte)'/', (byte)'/', ..]) target = $"/{target}";
        if (target.Length > 8_000) target = target[..8_000];
        var field = Only(input, '!', '\u00ff').Replace("\u007f", "", StringComparison.Ordinal);
        if (field.Length > 8_000) field = field[..8_000];
        var seen = stage.Backend.Requests.Count;

        var head = $"POST {target} HTTP/1.1\r\nHost: h\r\nX-Fuzz: {field}\r\nContent-Length: {input.Length}\r\nConnection: close\r\n\r\n";
        var answer = await Wire.AskAsync(stage.Gateway.Public, [.. Encoding.Latin1.GetBytes(head), .. input], complete: true);

        // Requests of this test come one after another, so a request that is new is this one.
        var arrived = stage.Backend.Requests.Skip(seen).ToArray();
        if (answer?.Status != 200)
        {
            // 405 and 413: a spelling of an own route. 400: a target that no server takes.
            if (answer is not { Status: 400 or 405 or 413 }) return $"answered {answer?.Status} to {target}";
            return arrived.Length > 0 ? $"answered {answer.Status} and forwarded {target}" : _errorLog.Objection();
        }

        if (arrived is not [var request]) return $"the backend got {arrived.Length} requests";
        if (request.Head.StartLine != $"POST {target} HTTP/1.1") return $"{target} became {request.Head.StartLine}";
        if ((request.Header("X-Fuzz") ?? "") != field) return $"the field became {request.Header("X-Fuzz")}";
        return request.Body.AsSpan().SequenceEqual(input) ? _errorLog.Objection() : "the body changed";
    }

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    private static string Only(byte[] input, char first, char last) =>
        new([.. Encoding.Latin1.GetString(input).Where(one => one >= first && one <= last)]);
}
