using System.Data;
using System.Data.Common;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.Schema;

namespace FathomGateway.Tokens.Databases;

/// <summary>
/// Checks in one statement whether the server takes writes, has the schema, and grants this user every needed right on every table.
/// </summary>
/// <param name="TakesNoWrites">Whether the server is a standby, or set to read only.</param>
/// <param name="Scripts">Number of schema scripts that have run.</param>
/// <param name="Absent">Missing tables; null where there are none.</param>
/// <param name="Missing">Rights that are missing, such as <c>INSERT on fathom_connections</c>; null where none is.</param>
/// <param name="Hidden">Tables whose rows are hidden from this user by row level security; null where there are none.</param>
internal sealed record PostgresRights(bool TakesNoWrites, long Scripts, string? Absent, string? Missing, string? Hidden)
{
    /// <summary>
    /// The rights that the statements of <see cref="ConnectionStore"/>, <see cref="TokenCallStore"/> and the outbox need.
    /// </summary>
    private static readonly (string Table, string[] Rights)[] Needed =
    [
        ("fathom_connections", ["SELECT", "INSERT", "UPDATE", "DELETE"]),
        ("fathom_disconnects", ["SELECT", "INSERT", "UPDATE", "DELETE"]),
        ("fathom_token_calls", ["SELECT", "INSERT", "DELETE"]),
        ("fathom_token_pause", ["SELECT", "UPDATE"]),
        ("fathom_exchanges", ["SELECT", "INSERT", "DELETE"]),
        ("fathom_events", ["SELECT", "INSERT", "UPDATE", "DELETE"]),
        ("fathom_event_queues", ["SELECT", "INSERT", "UPDATE", "DELETE"]),
        (SchemaScripts.JournalTable, ["SELECT"]),
    ];

    private static readonly string Values =
        string.Join(", ", Needed.SelectMany(one => one.Rights.Select(right => $"('{one.Table}', '{right}')")));

    private static readonly int AllScripts = SchemaScripts.Count(SchemaScripts.PostgresFolder);

    /// <summary>The whole check. PostgreSQL throws if the journal is not readable.</summary>
    public static readonly string Sql = QueryText($"(SELECT count(*) FROM {SchemaScripts.JournalTable})");

    /// <summary>The check without the journal, which may be missing or not readable.</summary>
    public static readonly string RightsSql = QueryText($"CAST({AllScripts} AS bigint)");

    public static PostgresRights Read(DbDataReader row) => new(
        row.GetBoolean("TakesNoWrites"), row.GetInt64("Scripts"), row.GetStringOrNull("Absent"), row.GetStringOrNull("Missing"),
        row.GetStringOrNull("Hidden"));

    /// <summary>Whether the schema is of an older release, or a table is missing.</summary>
    public bool LacksSchema => Scripts < AllScripts || Absent is not null;

    /// <summary>The missing rights and their remedy; null where none is missing.</summary>
    public string? RightsFault => (Missing, Hidden) switch
    {
        (null, null) => null,
        ({ } missing, null) => $"The user of DATABASE_URL lacks rights: grant it {missing}.",
        (null, { } hidden) =>
            $"Row level security hides the rows of {hidden}: "
                + "use the owner of these tables in DATABASE_URL, or make its user a member of that role.",

        var (missing, hidden) =>
            $"The user of DATABASE_URL lacks {missing}, and row level security hides the rows of {hidden} from it: "
                + "use the owner of these tables, or make it a member of that role.",
    };

    /// <summary>Why tokens could not be stored, and the remedy; null where they could.</summary>
    public string? Fault => this switch
    {
        { TakesNoWrites: true } => "The database takes no writes: point DATABASE_URL at the primary, or list all hosts in it.",
        { RightsFault: { } fault } => fault,
        { Absent: { } absent } => $"The database lacks {absent}: the schema is brought up to date.",
        { LacksSchema: true } => $"The database has {Scripts} of {AllScripts} parts of the schema: it is brought up to date.",
        _ => null,
    };

    private static string QueryText(string scripts) => $"""
        WITH needed(name, permission) AS (VALUES {Values})
        SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS TakesNoWrites, {scripts} AS Scripts,
            (SELECT string_agg(DISTINCT name, ', ') FROM needed WHERE to_regclass(name) IS NULL) AS Absent,
            (SELECT string_agg(permission || ' on ' || name, ', ') FROM needed
                WHERE NOT has_table_privilege(to_regclass(name), permission)) AS Missing,
            (SELECT string_agg(DISTINCT name, ', ') FROM needed WHERE row_security_active(to_regclass(name))) AS Hidden
        """;
}
