using FathomGateway.Tests.Transparency.Differential;

namespace FathomGateway.Tests.Transparency.Cases;

/// <summary>All cases, by family.</summary>
internal static class Suite
{
    public static IReadOnlyDictionary<string, Func<IEnumerable<Case>>> Families { get; } = new Dictionary<string, Func<IEnumerable<Case>>>
    {
        ["every byte in a path"] = () => TargetCases.EveryByte("/a", "b"),
        ["every byte in a query"] = () => TargetCases.EveryByte("/a?x=", "b"),
        ["targets that proxies are known to change"] = TargetCases.KnownPitfalls,
        ["every byte in a request's field"] = RequestFieldCases.EveryByte,
        ["names of request fields"] = RequestFieldCases.Names,
        ["request fields that proxies are known to change"] = RequestFieldCases.KnownPitfalls,
        ["methods"] = MethodCases.All,
        ["request bodies"] = RequestBodyCases.All,
        ["every status"] = StatusCases.All,
        ["every byte in a response's field"] = ResponseFieldCases.EveryByte,
        ["names of response fields"] = ResponseFieldCases.Names,
        ["response fields that proxies are known to change"] = ResponseFieldCases.KnownPitfalls,
        ["response bodies"] = ResponseBodyCases.All,
        ["answers cut in two at every byte"] = SegmentCases.CutInTwo,
        ["answers in many segments"] = SegmentCases.CutInMany,
        ["interim answers"] = InterimCases.All,
        ["trailers"] = TrailerCases.All,
        ["chunks of answers"] = ChunkCases.All,
        ["lines of one name"] = RepeatedFieldCases.All,
        ["spellings of field names"] = SpellingCases.All,
        ["reason phrases"] = ReasonCases.All,
        ["answers of HTTP/1.0 and of no length"] = OldResponseCases.All,
    };
}
