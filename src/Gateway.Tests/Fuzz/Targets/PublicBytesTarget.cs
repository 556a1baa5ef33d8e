using System.Text;
using FathomGateway.Tests.Connect;

namespace FathomGateway.Tests.Fuzz;

/// <summary>Raw bytes on the public listener: an answer that HTTP knows, and the gateway serves on.</summary>
internal sealed class PublicBytesTarget(Stage stage) : ITarget
{
    private readonly ErrorLogCheck _errorLog = new(stage.Gateway.Log);

    public IReadOnlyList<byte[]> Good { get; } =
    [
        .. new[]
        {
            "GET /items?a=b HTTP/1.1\r\nHost: h\r\nAccept: */*\r\n\r\n",
            "POST /items HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
            "PUT /i HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "GET /fathom/connect HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer x.y.z\r\nOrigin: https://app.example.test\r\n\r\n",
            "OPTIONS /fathom/connect HTTP/1.1\r\nHost: h\r\nOrigin: https://app.example.test\r\nAccess-Control-Request-Method: GET\r\n\r\n",
            "GET /fathom/callback?code=c&state=s HTTP/1.1\r\nHost: h\r\nCookie: a=b\r\n\r\n",
            "POST /fathom/callback HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "GET http://h/x HTTP/1.1\r\nHost: h\r\n\r\n", "HEAD / HTTP/1.0\r\n\r\n",
            "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public static async Task<ITarget> StartAsync() => new PublicBytesTarget(await Stage.StartAsync());

    public async Task<string?> ObjectionAsync(byte[] input)
    {
        // 500 would be a fault. 502 is possible where the backend answers HEAD with a body, or refuses an upgrade.
        if (await Wire.AskAsync(stage.Gateway.Public, input) is { Status: 500 or 503 or 504 or < 100 or > 505 } answer)
            return $"answered {answer.Status}";
        return _errorLog.Objection();
    }

    public ValueTask DisposeAsync() => stage.DisposeAsync();
}
