namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>Every difference that is permitted, in the order in which they are looked for. All else fails the suite.</summary>
internal static partial class PermittedDifferences
{
    public static IReadOnlyList<PermittedDifference> All { get; } = [.. Refusals, .. OfRequests, .. OfResponses, .. OfFieldLists];

    private static PermittedDifference OfRequest(string id, string reason, Func<Case, SeenMessage, SeenMessage, bool> excuse) =>
        new(id, reason, seen =>
            seen.Straight.Request is { } straight && seen.Through.Request is { } through && excuse(seen.Case, straight, through));

    private static bool Drop(string[] names, SeenMessage straight, SeenMessage through) =>
        names.Aggregate(false, (used, name) => (!through.Has(name) && straight.Remove(name)) || used);

    private static PermittedDifference OfResponse(string id, string reason, Func<Case, SeenMessage, SeenMessage, bool> excuse) =>
        new(id, reason, seen => excuse(seen.Case, seen.Straight.Response, seen.Through.Response));
}
