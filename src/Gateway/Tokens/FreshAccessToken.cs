using FathomGateway.Telemetry;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>An access token of the user's that can be used now. One that is fresh costs one read of its row; the others are refreshed first, once for all who ask.</summary>
internal sealed partial class FreshAccessToken(
    IConnectionStore store, StoredAccessToken stored, TokenRefresh refresh, RefreshesUnderWay underWay, GatewayMetrics metrics, TimeProvider clock, ILogger<FreshAccessToken> log)
{
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(5);

    /// <summary>How long a caller waits for a refresh, which may go on longer: a provider that is silent twice takes 20 s. Who asks again meets its result.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly SingleFlight<(UserId, Guid, long), AccessTokenResult> _flights = new();

    /// <param name="rejectedVersion">
    /// "The provider refused the token of this version": forces one refresh, unless the row has moved on already. A version that the row
    /// has not reached is of an earlier connection of the user's, or made up, and says nothing about this one.
    /// </param>
    /// <param name="cancel">Ends this caller's wait, and nothing that others or the provider may depend on.</param>
    public async Task<AccessTokenResult> GetAsync(UserId userId, long? rejectedVersion, CancellationToken cancel)
    {
        var result = await FindAsync(userId, rejectedVersion, cancel);
        metrics.AccessToken(result.Word);
        return result;
    }

    private async Task<AccessTokenResult> FindAsync(UserId userId, long? rejectedVersion, CancellationToken cancel)
    {
        try
        {
            var asked = clock.GetTimestamp();
            var reading = await store.ReadAsync(userId, cancel);
            var old = stored.Of(reading);
            if (reading is null || old is not AccessTokenResult.Granted) return old;

            var rejected = rejectedVersion == reading.Connection.Version;
            if (!rejected && !Freshness.IsDue(reading)) return old;
            if (!rejected && reading.Connection.RefreshToken is null && reading.Left > TimeSpan.Zero) return old;

            var refreshed = await RefreshAsync(reading.Connection, cancel);
            // Whatever keeps a new token away, the old one does as long as it lives, except for whom it was refused to.
            var oldDoes = !rejected && reading.Left > clock.GetElapsedTime(asked);
            return oldDoes && refreshed is (AccessTokenResult.Unavailable or AccessTokenResult.MustReconnect { Reconnect.Reason: ReconnectReason.Unreadable }) ? old : refreshed;
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            NotRead(log, userId.Value, failure);
            return new AccessTokenResult.Unavailable(StorePause);
        }
    }

    private async Task<AccessTokenResult> RefreshAsync(Connection row, CancellationToken cancel)
    {
        // By version, so that nobody who saw a newer token refused is given that very token.
        var flight = _flights.JoinAsync((row.UserId, row.GrantId, row.Version), () => underWay.Run(() => refresh.RunAsync(row)));
        try
        {
            return await flight.WaitAsync(LongestWait, clock, cancel);
        }
        catch (Exception failure) when (failure is TimeoutException or ConnectionStoreUnavailableException)
        {
            NotInTime(log, row.UserId.Value, failure);
            return new AccessTokenResult.Unavailable(StorePause);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection of user {UserId} could not be read.")]
    private static partial void NotRead(ILogger log, string userId, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A refresh for user {UserId} did not come to its end in time; it goes on where it can.")]
    private static partial void NotInTime(ILogger log, string userId, Exception failure);
}
