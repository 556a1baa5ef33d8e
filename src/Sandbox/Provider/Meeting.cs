namespace FathomGateway.Sandbox.Provider;

/// <summary>A recorded meeting, with the members that the stand-in's API returns.</summary>
internal sealed record Meeting(int RecordingId, string Title, DateTimeOffset CreatedAt, Uri Url)
{
    /// <summary>Seven meetings, the newest first: enough for three pages.</summary>
    public static IReadOnlyList<Meeting> OfAnn { get; } =
    [
        Sample(107, "Weekly stand-up", 21),
        Sample(106, "Pricing page review", 20),
        Sample(105, "Interview: support lead", 17),
        Sample(104, "Roadmap, second half", 14),
        Sample(103, "Weekly stand-up", 14),
        Sample(102, "Supplier call", 9),
        Sample(101, "Kick-off", 2),
    ];

    /// <summary>Four meetings, the newest first: two pages.</summary>
    public static IReadOnlyList<Meeting> OfBen { get; } =
    [
        Sample(204, "Forklift handover", 22),
        Sample(203, "Warehouse lease", 18),
        Sample(202, "Support rota", 11),
        Sample(201, "Fire drill review", 3),
    ];

    private static Meeting Sample(int id, string title, int day) =>
        new(id, title, new DateTimeOffset(2026, 9, day, 9, 30, 0, TimeSpan.Zero), new Uri($"https://fathom.example/calls/{id}"));
}
