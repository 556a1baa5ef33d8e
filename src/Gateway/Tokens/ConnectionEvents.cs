using System.Security.Cryptography;
using System.Threading.Channels;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Tokens;

/// <summary>Writes the event of a change of a connection, in the transaction of that change.</summary>
/// <remarks>It is registered only where <c>EVENTS_URL</c> is set.</remarks>
internal sealed class ConnectionEvents(Database database)
{
    /// <summary>
    /// Random hexadecimal digits at the end of an event's id. They keep ids unique: in a new database the order begins at 1 again.
    /// </summary>
    public const int SuffixLength = 8;

    /// <summary>
    /// The second statement also locks the queue. A delivery that deletes the queue when it is empty waits for the lock, and then sees this
    /// event.
    /// </summary>
    private readonly string _insertSql = $"""
        INSERT INTO fathom_events (suffix, user_id, type, version, scope, reason, created_at)
        VALUES (@Suffix, @UserId, @Type, @Version, @Scope, @Reason, {database.Now});
        INSERT INTO fathom_event_queues AS queue (user_id, due_at) VALUES (@UserId, {database.Now})
        ON CONFLICT (user_id) DO UPDATE SET due_at = queue.due_at
        """;

    private readonly Channel<bool> _signal =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Signals that an event may be due.</summary>
    public ChannelReader<bool> Signal => _signal.Reader;

    public static string NewSuffix() => RandomNumberGenerator.GetHexString(SuffixLength, lowercase: true);

    /// <summary>Sends the signal. Called after a commit, and after the end of a delivery.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    /// <param name="type">One of <see cref="ConnectionEventType"/>.</param>
    /// <param name="row">The connection after the change; for a disconnect, before it.</param>
    /// <returns>The statements that write the event.</returns>
    public (string Sql, SqlParameters Parameters) Insert(string type, Connection row) => (_insertSql, new()
    {
        ["Suffix"] = NewSuffix(),
        ["UserId"] = row.UserId,
        ["Type"] = type,
        ["Version"] = row.Version,
        ["Scope"] = row.Scope,
        ["Reason"] = type == ConnectionEventType.ReconnectRequired ? row.Reconnect?.Reason : null,
    });
}

/// <summary>The member <c>type</c> of an event.</summary>
internal static class ConnectionEventType
{
    public const string Connected = "connection.connected";

    /// <summary>A new consent has replaced the connection.</summary>
    public const string Reconnected = "connection.reconnected";

    /// <summary>The user has to connect again.</summary>
    public const string ReconnectRequired = "connection.reconnect_required";

    /// <summary>Tokens that were saved late have restored a connection whose user had to connect again.</summary>
    public const string Recovered = "connection.recovered";

    public const string Disconnected = "connection.disconnected";
}
