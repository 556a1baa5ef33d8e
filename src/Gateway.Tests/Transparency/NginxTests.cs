using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Transparency.Cases;
using FathomGateway.Tests.Transparency.Differential;
using Xunit;

namespace FathomGateway.Tests.Transparency;

/// <summary>Not part of the suite: run on request, it writes down what nginx makes of the same cases.</summary>
public sealed class NginxTests
{
    [Fact(Explicit = true)]
    public async Task The_results_of_nginx_for_the_same_cases_are_recorded()
    {
        var pair = await Pair.WithAsync();
        await using var nginx = await Nginx.StartAsync(pair.Backend.Address);
        var verdicts = new List<Verdict>();
        // Over HTTP/1.1: nginx answers in Huffman code, which this client does not read.
        foreach (var one in Suite.Families.Values.SelectMany(family => family()).Where(one => one.OverHttp2 is null))
        {
            var straight = await Exchange.RunAsync(one, pair.Backend, pair.Backend.Address, null);
            var through = await Exchange.RunAsync(one, pair.Backend, nginx.Address, null);
            // It writes these two on every answer, its own name where the backend gives none.
            through.Response.Remove("Connection");
            if (!straight.Response.Has("Server")) through.Response.Remove("Server");
            verdicts.Add(Verdict.Of(one, straight, through));
        }

        await pair.DisposeAsync();
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "TestResults")).FullName;
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "transparency-nginx.txt"),
            [$"nginx: {verdicts.Count(verdict => verdict.Identical)} of {verdicts.Count} identical", .. PermittedDifferences.All.Select(
                difference => $"{verdicts.Count(verdict => verdict.Permitted.Contains(difference.Id)),6} {difference.Id}"),
                .. verdicts.Where(verdict => !verdict.Identical).Select(verdict => verdict.ToString())]);
        Assert.NotEmpty(verdicts);
    }
}
