namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>
/// Differences in when and how often, which no comparison of bytes shows: the second table of docs/transparency.md, each with the tests
/// that hold it.
/// </summary>
internal static class BehaviourDifferences
{
    public static IReadOnlyDictionary<string, Type> All { get; } = new Dictionary<string, Type>
    {
        ["half-close"] = typeof(AbortTests),
        ["sent-again"] = typeof(SendOnceTests),
        ["ambiguous-framing"] = typeof(SmugglingTests),
        ["head-limits"] = typeof(LimitTests),
        ["broken-answer"] = typeof(BackendFaultTests),
        ["own-routes"] = typeof(OwnRouteTests),
        ["peer-address"] = typeof(OptionTests),
    };
}
