using FathomGateway.Tests.Backend;
using FathomGateway.Tests.Faults;
using FathomGateway.Tests.Fuzz;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Limits;
using FathomGateway.Tests.Soak;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace FathomGateway.Tests.Kit;

/// <summary>
/// Classes run side by side, a few at a time. A class that takes minutes and begins last would keep the run waiting while the cores have
/// nothing to do, so those that take longest begin first, then all others that have slow tests.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>
    /// Classes that wait for a minute or more, the longest first: for limits of the product's, or for their own time to be over.
    /// </summary>
    private static readonly Type[] Longest =
    [
        typeof(SoakTests), typeof(RefreshingProcessesTests), typeof(VanishedPeerTests), typeof(SilentConnectionsTests),
        typeof(PausedPeerTests),
        typeof(SilentHostTests), typeof(KilledReplicaTests), typeof(FuzzTests),
    ];

    /// <summary>xunit runs the tests of one class after the other: a collection is named after its class.</summary>
    private const string NameBegins = "Test collection for ";

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Rank)];

    private static int Rank<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var name = collection.TestCollectionDisplayName;
        if (!name.StartsWith(NameBegins, StringComparison.Ordinal)) return Longest.Length;
        var type = typeof(LongestFirst).Assembly.GetType(name[NameBegins.Length..].Split(' ')[0]);
        var place = Array.IndexOf(Longest, type);
        if (place >= 0) return place;
        return type is not null && HasSlowTests(type) ? Longest.Length : Longest.Length + 1;
    }

    private static bool HasSlowTests(Type type) =>
        type.GetCustomAttributes(inherit: true).Concat(type.GetMethods().SelectMany(method => method.GetCustomAttributes(inherit: true)))
            .OfType<TraitAttribute>().Any(trait => trait.Name == "Speed");
}
