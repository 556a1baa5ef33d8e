using FathomGateway.Tests.Kit;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>The revocation endpoint of a scripted provider (RFC 7009), which keeps what it was told.</summary>
internal sealed class RevocationEndpoint : IDisposable
{
    private readonly ScriptedProvider _provider;

    public RevocationEndpoint(ScriptedProvider provider, int status = 200)
    {
        _provider = provider;
        provider.Server.Given(Request.Create().WithPath("/revoke").UsingPost()).RespondWith(Response.Create().WithStatusCode(status));
    }

    /// <summary>The tokens that were revoked, in order.</summary>
    public IReadOnlyList<string> Tokens =>
        [.. _provider.Server.LogEntries.Where(entry => entry.RequestMessage?.Path == "/revoke")
            .Select(entry => new TokenRequest("POST", new Dictionary<string, string>(), entry.RequestMessage!.Body ?? "").Field("token"))];

    public void Dispose() => _provider.Server.ResetLogEntries();
}
