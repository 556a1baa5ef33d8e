using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>A disconnect whose transaction ends without an answer: the deleted tokens are in the memory of this process alone.</summary>
public sealed class DisconnectInDoubtTests(RealStores stores) : IAsyncLifetime
{
    private readonly ScriptedProvider _provider = ScriptedProvider.Start();
    private RevocationEndpoint _endpoint = null!;
    private FaultProxy _path = null!;
    private Replica _replica = null!;

    [Fact]
    public async Task A_disconnect_whose_commit_is_not_answered_revokes_and_is_audited_F8()
    {
        _path.FromServer.CutBefore("COMMIT\0");

        Assert.Equal(DisconnectResult.Revoked, await _replica.DisconnectAsync("ann"));

        Assert.Null(await _replica.RowAsync("ann"));
        Assert.Equal(["r1"], _endpoint.Tokens);
        Assert.Contains("User ann was disconnected", _replica.Log.ToString(), StringComparison.Ordinal);
        Assert.Equal(DisconnectResult.NotConnected, await _replica.DisconnectAsync("ann"));
    }

    [Fact]
    public async Task A_disconnect_whose_commit_does_not_arrive_revokes_nothing_and_can_be_repeated_F8()
    {
        _path.ToServer.CutBefore("COMMIT\0");

        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => _replica.DisconnectAsync("ann"));

        Assert.NotNull(await _replica.RowAsync("ann"));
        Assert.Empty(_endpoint.Tokens);
        Assert.Equal(DisconnectResult.Revoked, await _replica.DisconnectAsync("ann"));
    }

    [Fact]
    public async Task A_disconnect_whose_database_dies_after_the_commit_is_checked_when_it_is_back_F8()
    {
        _path.FromServer.CutBefore("COMMIT\0");
        _path.RefuseNew();

        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => _replica.DisconnectAsync("ann"));
        Assert.Empty(_endpoint.Tokens);
        _path.AcceptNew();

        await Eventually.BecomesTrueAsync(
            () => _endpoint.Tokens.SequenceEqual(["r1"]), TimeSpan.FromSeconds(60), "the provider has been told");
        await Eventually.BecomesTrueAsync(
            () => _replica.Log.ToString().Contains("User ann was disconnected", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60),
            "the audit log has it");
    }

    public async ValueTask InitializeAsync()
    {
        var url = await stores.NewDatabaseAsync();
        _endpoint = new RevocationEndpoint(_provider);
        _path = FaultProxy.Start(new Uri(url).Port);
        _replica = await Replica.OnAsync(
            TokenDatabase.At(PostgresTestDatabase.Through(url, _path.Port)), _provider.TokenUrl, _provider.RevokeUrl);
        await _replica.ConnectAsync("ann", "a1", "r1");
    }

    public async ValueTask DisposeAsync()
    {
        await _replica.DisposeAsync();
        await _path.DisposeAsync();
        _endpoint.Dispose();
        _provider.Dispose();
    }
}
