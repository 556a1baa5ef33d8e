using System.Text;
using FathomGateway.Keys;
using FathomGateway.State;
using FathomGateway.State.Redis;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FathomGateway.Tests.Releases;

/// <summary>
/// What this release writes is what 0.1.0 writes, so that either can be put in the other's place. A form that has to change is read by one
/// release and written by the next.
/// </summary>
public sealed class DataFormatTests : IAsyncLifetime
{
    private static readonly KeyRing Ring =
        new([new EncryptionKey(Release010Data.Keys[..2], Convert.FromBase64String(Release010Data.Keys[3..]))]);

    private static readonly StateNonce Nonce = StateNonce.From(System.Buffers.Text.Base64Url.DecodeFromChars(Release010Data.Nonce));
    private static readonly AuthorizationState State = new(Some.User(Release010Data.User), Release010Data.Verifier)
    {
        Binder = Release010Data.Binder,
        Network = new SenderDigest(Ring).Of(Some.User(Release010Data.User), Release010Data.Network),
        UserAgent = new SenderDigest(Ring).Of(Some.User(Release010Data.User), Release010Data.UserAgent),
    };

    private RedisServer _redis = null!;

    [Fact]
    public void States_and_handles_have_the_form_of_0_1_0_F17()
    {
        Assert.Equal(Release010Data.State, new SignedState(Ring).Write(State.UserId, Nonce));
        var (handle, parked) = new ParkedCodes(Ring).HandleOf(State.UserId, Nonce);
        Assert.Equal((Release010Data.Handle, Release010Data.ParkedKey), (handle, $"{Release010Data.Prefix}state:{parked}"));
        Assert.Equal(Release010Data.Code, new ParkedCodes(Ring).Open(State with { ParkedCode = Release010Data.ParkedCode }, parked));
    }

    [Fact]
    public void Records_have_the_form_of_0_1_0_F17()
    {
        Assert.Equal((Release010Data.NetworkDigest, Release010Data.UserAgentDigest), (State.Network, State.UserAgent));
        Assert.Equal(Release010Data.Record, Encoding.UTF8.GetString(StateRecordJson.Write(State)));
        Assert.Equal(
            Release010Data.ParkedRecord,
            Encoding.UTF8.GetString(StateRecordJson.Write(State with { Binder = null, ParkedCode = Release010Data.ParkedCode })));
    }

    [Fact]
    public void Tokens_have_the_form_of_0_1_0_F17()
    {
        var cipher = new TokenCipher(Ring);
        var columns = new[]
        {
            (Release010Data.SealedAccess, Release010Data.Access, TokenColumn.AccessToken),
            (Release010Data.SealedRefresh, Release010Data.Refresh, TokenColumn.RefreshToken),
        };
        foreach (var (text, token, column) in columns)
        {
            Assert.Equal(token, cipher.Open(new SealedToken(text), State.UserId, column));
            var mine = cipher.Seal(token, State.UserId, column).Text;
            Assert.Equal((text.Length, text[..6]), (mine.Length, mine[..6]));
        }
    }

    [Fact]
    public async Task The_keys_in_Redis_and_what_is_under_them_have_the_form_of_0_1_0_F17()
    {
        await using var connection = Connect();
        var states = new RedisStateStore(connection, NoMetrics.Instance, TimeProvider.System);
        var redeemer = Guid.NewGuid();
        await Eventually.BecomesTrueAsync(
            async () => await states.PeekAsync(Nonce, State.UserId, Cancel) is not Redemption.Settled,
            TimeSpan.FromSeconds(30),
            "Redis is connected");

        await states.SaveAsync(Nonce, State, IStateStore.StateLifetime, Cancel);
        Assert.Equal(Release010Data.Record, await _redis.CommandAsync("GET", Release010Data.RecordKey));
        Assert.Equal(Release010Data.Nonce, await _redis.CommandAsync("LRANGE", Release010Data.WaitingKey, "0", "-1"));
        await states.RedeemAsync(Nonce, State.UserId, redeemer, Cancel);
        Assert.Equal($"pending:{redeemer}:{Release010Data.Record}", await _redis.CommandAsync("GET", Release010Data.ReceiptKey));
        await states.SettleAsync(Nonce, State.UserId, "connected", Cancel);
        Assert.Equal("connected", await _redis.CommandAsync("GET", Release010Data.ReceiptKey));

        Assert.True(await new PendingTokenStore(Ring, TimeProvider.System, connection).PutAsync(Rescued()));
        Assert.Equal(Release010Data.RescuedKey, await _redis.CommandAsync("ZRANGE", "fathom:rescued", "0", "-1"));
        Assert.Equal(
            Release010Data.RescuedJson,
            Envelope.Open(
                Ring,
                await _redis.CommandAsync("GET", Release010Data.RescuedKey),
                "FathomGateway rescued tokens",
                Release010Data.RescuedKey));
        string[] keys = [Release010Data.ReceiptKey, Release010Data.WaitingKey, Release010Data.RescuedKey, "fathom:rescued"];
        Assert.Equal(
            keys.Order(StringComparer.Ordinal),
            (await _redis.CommandAsync("KEYS", "*")).Split('\n').Order(StringComparer.Ordinal));
    }

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync() => await _redis.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static IssuedTokens Rescued() => new(
        State.UserId, Guid.Parse(Release010Data.Grant), 0, new SealedToken(Release010Data.SealedLateAccess),
        new SealedToken(Release010Data.SealedLateRefresh), Release010Data.Scope,
        TimeSpan.FromHours(1), new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero), TimeSpan.FromSeconds(1.5));

    private RedisConnection Connect() => new(
        RedisAddress.Read(TestSettings.Reader(), _redis.ConnectionString)!, TimeProvider.System, NullLoggerFactory.Instance);
}
