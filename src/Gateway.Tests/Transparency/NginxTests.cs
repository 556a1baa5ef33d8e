using FathomGateway.Tests.House;
using FathomGateway.Tests.Transparency.Cases;
using FathomGateway.Tests.Transparency.Differential;
using Xunit;

namespace FathomGateway.Tests.Transparency;

/// <summary>Not part of the suite: run on request, it writes down what nginx makes of the same cases.</summary>
public sealed class NginxTests
{
    [Fact(Explicit = true)]
    public async Task What_nginx_does_with_the_same_cases()
    {
        var pair = await Pair.WithAsync();
        await using var nginx = await Nginx.StartAsync(pair.Backend.Address);
        var verdicts = new List<Verdict>();
        // Over HTTP/1.1: nginx answers in Huffman code, which this client does not read.
        foreach (var one in Suite.Families.Values.SelectMany(family => family()).Where(one => one.OverHttp2 is null))
        {
            var straight = await Exchange.RunAsync(one, pair.Backend, pair.Backend.Address, null);
            verdicts.Add(Verdict.Of(one, straight, await Exchange.RunAsync(one, pair.Backend, nginx.Address, null)));
        }

        await pair.DisposeAsync();
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "TestResults")).FullName;
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "transparency-nginx.txt"),
            [$"nginx: {verdicts.Count(verdict => verdict.Identical)} of {verdicts.Count} identical", .. verdicts.Where(verdict => !verdict.Identical).Select(verdict => verdict.ToString())]);
        Assert.NotEmpty(verdicts);
    }
}
