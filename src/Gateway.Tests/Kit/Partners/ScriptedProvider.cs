using System.Collections.Concurrent;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Types;
using WireMock.Util;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// A provider whose token endpoint does what the test says. Unscripted it issues <c>access-1</c>/<c>refresh-1</c>, <c>access-2</c>/… and
/// keeps every request. Queued replies come first, one each; then the standing script.
/// </summary>
internal sealed class ScriptedProvider : IDisposable
{
    private readonly WireMockServer _server = WireMockServer.Start();
    private readonly ConcurrentQueue<TokenRequest> _requests = [];
    private readonly ConcurrentQueue<TokenReply> _next = [];
    private Func<TokenRequest, Task<TokenReply>> _script;
    private int _issued;

    private ScriptedProvider()
    {
        _script = _ => Task.FromResult(NewTokens());
        _server.Given(Request.Create().WithPath("/token")).RespondWith(Response.Create().WithCallback(AnswerAsync));
    }

    /// <summary>For further endpoints: revocation, the API.</summary>
    public WireMockServer Server => _server;

    public string AuthorizeUrl => $"{_server.Url}/authorize";

    public string TokenUrl => $"{_server.Url}/token";

    public string RevokeUrl => $"{_server.Url}/revoke";

    public string ApiUrl => $"{_server.Url}/api";

    /// <summary>The settings that make a gateway use this provider.</summary>
    public (string Name, string? Value)[] Settings =>
    [
        ("FATHOM_AUTHORIZE_URL", AuthorizeUrl), ("FATHOM_TOKEN_URL", TokenUrl), ("FATHOM_REVOKE_URL", RevokeUrl),
        ("FATHOM_API_URL", ApiUrl),
    ];

    /// <summary>The requests that have reached the token endpoint, the unanswered ones among them.</summary>
    public IReadOnlyList<TokenRequest> TokenRequests => [.. _requests];

    public static ScriptedProvider Start() => new();

    /// <summary>New tokens, different from all before.</summary>
    public TokenReply NewTokens()
    {
        var number = Interlocked.Increment(ref _issued);
        return TokenReply.Tokens($"access-{number}", $"refresh-{number}");
    }

    /// <summary>From now on.</summary>
    public void Answers(TokenReply reply) => Answers(_ => Task.FromResult(reply));

    /// <summary>From now on; the script may wait for something before it answers.</summary>
    public void Answers(Func<TokenRequest, Task<TokenReply>> script) => _script = script;

    /// <summary>Once, before everything else, in the order of the calls.</summary>
    public void AnswersNext(TokenReply reply) => _next.Enqueue(reply);

    public void Dispose() => _server.Dispose();

    private async Task<IResponseMessage> AnswerAsync(IRequestMessage message)
    {
        var headers = message.Headers!.ToDictionary(
            header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var request = new TokenRequest(message.Method, headers, message.Body ?? "");
        _requests.Enqueue(request);
        var reply = _next.TryDequeue(out var queued) ? queued : await _script(request);
        await Task.Delay(reply.Delay);
        return new ResponseMessage
        {
            StatusCode = reply.Status,
            Headers = new Dictionary<string, WireMockList<string>>(
                reply.Headers.Append(new("Content-Type", reply.ContentType))
                    .Select(h => KeyValuePair.Create(h.Key, new WireMockList<string>(h.Value)))),
            BodyData = new BodyData { DetectedBodyType = BodyType.String, BodyAsString = reply.Body, Encoding = System.Text.Encoding.UTF8 },
            FaultType = reply.Fault,
        };
    }
}
