using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Fathom;

/// <summary>The clients, and a provider of raw TCP that can answer anything at all.</summary>
public sealed class ProviderStage : IAsyncDisposable
{
    public ProviderStage() => Clients = new ProviderClients(Endpoint.Address);

    internal RawServer Endpoint { get; } = RawServer.Start(RawResponse.Silence);

    internal ProviderClients Clients { get; }

    /// <summary>What becomes of a refresh that is answered by the script; it is sent once, whatever that is.</summary>
    internal async Task<TokenResult> RefreshAsync(Func<RawExchange, Task> script)
    {
        Endpoint.Script = script;
        var before = Endpoint.Requests;
        var result = await Clients.RefreshAsync();
        Xunit.Assert.Equal(before + 1, Endpoint.Requests);
        return result;
    }

    /// <summary>Whether a revocation that is answered by the script counts as done; it is sent once.</summary>
    internal async Task<bool> RevokeAsync(Func<RawExchange, Task> script)
    {
        Endpoint.Script = script;
        var before = Endpoint.Requests;
        var revoked = await Clients.Revocation.RevokeRefreshTokenAsync("refresh", CancellationToken.None);
        Xunit.Assert.Equal(before + 1, Endpoint.Requests);
        return revoked;
    }

    public async ValueTask DisposeAsync()
    {
        Clients.Dispose();
        await Endpoint.DisposeAsync();
    }
}
