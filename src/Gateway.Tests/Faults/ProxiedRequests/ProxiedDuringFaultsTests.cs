using System.Globalization;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults.ProxiedRequests;

/// <summary>
/// Proxied requests are served as usual while users who connect meet each fault. <c>bench/faults.sh</c> runs the same
/// for longer, and compares.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ProxiedDuringFaultsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Each_proxied_request_is_answered_by_the_backend_while_partners_are_away_or_slow_P1()
    {
        var (turn, rounds) = (TimeSpan.FromSeconds(Read("FAULTS_SECONDS", 1)), Read("FAULTS_ROUNDS", 0));
        await using var stage = await ProxiedDuringFaultsStage.StartAsync();
        using var client = new ConstantRateClient(stage.Gateway.Public, ProxiedDuringFaultsStage.Body);
        await client.RunAsync(turn);

        var report = new ProxiedDuringFaultsReport();
        // The first rounds are not reported, because the JIT compiles during them.
        for (var round = rounds > 0 ? -1 : 0; round <= rounds; round++)
        {
            foreach (var fault in stage.Faults)
            {
                LongTest.Say($"{(round > 0 ? $"round {round} of {rounds}" : "warming up")}: {fault.Name}");
                var quiet = await client.RunAsync(turn);
                await fault.Prepare();
                // From the first moment of the fault on, which affects all users.
                var under = client.RunAsync(turn);
                await fault.Begin();
                var faulty = await under;
                await fault.End();
                Assert.True(quiet.Length > 0 && faulty.Length == quiet.Length);
                if (round > 0) report.Add(fault.Name, quiet, faulty);
                // And it recovers: a user connects.
                await stage.Gateway.WarmUpAsync();
            }
        }

        if (rounds > 0) output.WriteLine($"{report}");
        LongTest.Report($"{report}");
    }

    private static int Read(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
