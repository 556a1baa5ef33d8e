using System.Text;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Fuzz;

/// <summary>
/// The token endpoint's answer, head and body: a row with an access token and "success", or neither; and a code is sent once.
/// </summary>
internal sealed class TokenResponseTarget : ITarget
{
    private readonly RawServer _provider;
    private readonly Stage _stage;
    private readonly ErrorLogCheck _errorLog;

    private TokenResponseTarget(Stage stage, RawServer provider) =>
        (_stage, _provider, _errorLog) = (stage, provider, new ErrorLogCheck(stage.Gateway.Log, but: "The provider refuses this client"));

    public IReadOnlyList<byte[]> Good { get; } =
    [
        .. new[]
        {
            Answer(
                "200 OK",
                """{"access_token":"a-1","token_type":"Bearer","refresh_token":"r-1","expires_in":3600,"scope":"public_api"}"""), Answer(
                    "200 OK", """{"access_token":"a-2","expires_in":"60"}"""),
            Answer("400 Bad Request", """{"error":"invalid_grant","error_description":"é <script>"}"""),
            Answer("401 Unauthorized", """{"error":"invalid_client"}"""), Answer("429 Too Many Requests\r\nRetry-After: 3", ""),
            Answer("503 Service Unavailable\r\nRetry-After: Wed, 21 Oct 2065 07:28:00 GMT", "<html>"),
            Answer("307 Away\r\nLocation: http://127.0.0.1:9/", ""),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n{\"access_token\":\"a\r\n2\r\n\"}\r\n0\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\n{\"access_token\":\"a-3\"}",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public static async Task<ITarget> StartAsync()
    {
        var provider = RawServer.Start(RawResponse.Silence);
        return new TokenResponseTarget(await Stage.StartAsync(("FATHOM_TOKEN_URL", $"{provider.Address}token")), provider);
    }

    public async Task<string?> ObjectionAsync(byte[] input)
    {
        var (user, asked, ended) = (Fresh.User(), _provider.Requests, new TaskCompletionSource());
        _provider.Script = async exchange =>
        {
            try
            {
                await exchange.ReadRequestAsync();
                await exchange.SendAsync(input);
            }
            finally
            {
                exchange.Close();
                ended.TrySetResult();
            }
        };
        var redirect = await _stage.LandAsync(await _stage.StateAsync(user), Fresh.Code());
        if (_provider.Requests - asked != 1) return $"the code was sent {_provider.Requests - asked} times";
        // The next code must not go to a connection that this answer is yet to end.
        await ended.Task.WaitAsync(TimeSpan.FromMinutes(1));
        var token = await _stage.AccessTokenAsync(user);
        if (token is not null != (redirect == CallbackRedirect.Success))
            return $"landed at {redirect} with {(token is null ? "no row" : "a row")}";
        if (token is "" || (token is not null && token.Any(one => one is <= ' ' or > '~'))) return "stored an unusable token";
        return redirect is CallbackRedirect.Success
            || redirect == CallbackRedirect.Failure("exchange_failed")
            || redirect == CallbackRedirect.Failure("provider_unavailable") ? _errorLog.Objection() : $"landed at {redirect}";
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _provider.DisposeAsync();
    }

    private static string Answer(string status, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
}
