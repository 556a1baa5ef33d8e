namespace FathomGateway.Sandbox.Show;

/// <summary>Reports rows that were written, marked and deleted between two readings.</summary>
internal sealed class RowChanges(Hops hops)
{
    private Dictionary<string, ShownRow>? _known;

    public void Report(IReadOnlyList<ShownRow> found)
    {
        var now = found.ToDictionary(row => row.User);
        if (_known is { } before)
        {
            foreach (var row in found)
                if (What(before.GetValueOrDefault(row.User), row) is { } what)
                    hops.Add("gateway", "rows", $"{what}: {row.User}, version {row.Version}", row.Status == "connected" ? "good" : "bad");
            foreach (var user in before.Keys.Except(now.Keys))
                hops.Add("gateway", "rows", $"row deleted: {user}");
        }

        _known = now;
    }

    private static string? What(ShownRow? before, ShownRow now) => (before, now) switch
    {
        ({ Status: "connected" }, { Status: not "connected" }) => "row marked to reconnect",
        (null, _) => "row written, tokens encrypted",
        _ when before.Grant != now.Grant => "row written anew, tokens encrypted",
        _ when before.Version != now.Version => "row renewed, tokens encrypted",
        _ => null,
    };
}
