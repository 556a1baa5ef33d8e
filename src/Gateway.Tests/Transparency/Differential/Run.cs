using System.Collections.Concurrent;
using FathomGateway.Tests.Transparency.Cases;

namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>Runs each family of cases once, on first use.</summary>
public sealed class Run : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<Verdict>>>> _families = [];

    internal async Task<IReadOnlyList<Verdict>> FamilyAsync(string name) =>
        await _families.GetOrAdd(name, _ => new(() => CompareAsync(Suite.Families[name]()))).Value;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<IReadOnlyList<Verdict>> CompareAsync(IEnumerable<Case> cases)
    {
        var pair = await Pair.WithAsync();
        try
        {
            var verdicts = new List<Verdict>();
            foreach (var one in cases)
            {
                var straight = await Exchange.RunAsync(one, pair.Backend, pair.Backend.Address, null);
                var through = await Exchange.RunAsync(one, pair.Backend, pair.Gateway.Public, pair.Http2);
                verdicts.Add(Verdict.Of(one, straight, through));
            }

            return verdicts;
        }
        finally
        {
            await pair.DisposeAsync();
        }
    }
}
