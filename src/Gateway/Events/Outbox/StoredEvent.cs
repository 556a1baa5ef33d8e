using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Events.Outbox;

/// <summary>One row of the outbox. Times are the database's.</summary>
/// <param name="Seq">The order in which events were written. For one user this is the order of the changes.</param>
/// <param name="Suffix">Random digits at the end of the id.</param>
/// <param name="RedeliveredAt">When a redelivery was last asked for.</param>
/// <param name="Attempts">Attempts since it was written, or since a redelivery was asked for.</param>
/// <param name="LastResult">Result of the last attempt; null before the first.</param>
/// <param name="DueAt">When the user's first waiting event is tried next; null where no event of the user waits.</param>
/// <param name="Lease">The lease of the user's queue, one for all queues that are leased together; null where there is none.</param>
internal sealed partial record StoredEvent(
    long Seq,
    string Suffix,
    string UserId,
    string Type,
    long Version,
    string? Scope,
    string? Reason,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RedeliveredAt,
    long Attempts,
    string? LastResult,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? RestedAt,
    DateTimeOffset? DueAt,
    DateTimeOffset Now,
    Guid? Lease = null)
{
    public const string Waiting = "waiting", Delivered = "delivered", Rested = "rested";

    /// <summary>Type of the test event that the doctor posts.</summary>
    public const string TestType = "gateway.test";

    public static StoredEvent Read(DbDataReader row) => new(
        row.GetInt64("Seq"), row.GetString("Suffix"), row.GetString("UserId"), row.GetString("Type"), row.GetInt64("Version"),
        row.GetStringOrNull("Scope"), row.GetStringOrNull("Reason"), row.GetTime("CreatedAt"),
        row.GetTimeOrNull("RedeliveredAt"), row.GetInt64("Attempts"),
        row.GetStringOrNull("LastResult"), row.GetTimeOrNull("DeliveredAt"), row.GetTimeOrNull("RestedAt"), row.GetTimeOrNull("DueAt"),
        row.GetTime("Now"), row.GetGuidOrNull("Lease"));

    /// <summary>The field <c>webhook-id</c>. It is the same with every attempt, so that a receiver can skip an event that it has.</summary>
    public string Id => $"evt_{Seq.ToString(CultureInfo.InvariantCulture)}_{Suffix}";

    public string Status => DeliveredAt is not null ? Delivered : RestedAt is not null ? Rested : Waiting;

    /// <summary>The time from when the event was written, or a redelivery was asked for, until the row was read.</summary>
    public TimeSpan Age => Now - (RedeliveredAt ?? CreatedAt);

    /// <summary>The body of the request. It is the same with every attempt.</summary>
    public byte[] Body() => JsonSerializer.SerializeToUtf8Bytes(
        new Posted(Type, CreatedAt.UtcDateTime, new PostedData(UserId, Version, Scope, Reason)), PostedContext.Default.Posted);

    /// <returns>False for what is no id of an event.</returns>
    public static bool TryParseId(string? id, out long seq, out string suffix)
    {
        (seq, suffix) = (0, "");
        if (id is null || IdPattern().Match(id) is not { Success: true } match) return false;
        suffix = match.Groups[2].Value;
        return long.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out seq);
    }

    /// <summary>One spelling for each event, so no leading zeros. Eight digits: <see cref="ConnectionEvents.SuffixLength"/>.</summary>
    [GeneratedRegex(@"^evt_(0|[1-9][0-9]{0,18})_([0-9a-f]{8})\z")]
    private static partial Regex IdPattern();

    private sealed record Posted(
        [property: JsonPropertyName("type")] string Type,
        [property: JsonPropertyName("timestamp")] DateTime Timestamp,
        [property: JsonPropertyName("data")] PostedData Data);

    /// <summary>Holds no token.</summary>
    private sealed record PostedData(
        [property: JsonPropertyName("user_id")] string UserId,
        [property: JsonPropertyName("version")] long Version,
        [property: JsonPropertyName("scope")] string? Scope,
        [property: JsonPropertyName("reason")] string? Reason);

    [JsonSerializable(typeof(Posted))]
    private sealed partial class PostedContext : JsonSerializerContext;
}
