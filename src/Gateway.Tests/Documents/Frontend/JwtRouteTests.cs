using System.Diagnostics;
using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents.Frontend;

/// <summary>The route of docs/getting-started.md for a backend that has sessions: its JWT is accepted.</summary>
[Trait("Speed", "Slow")]
public sealed class JwtRouteTests
{
    private const string File = "jwt-route.mjs";

    [Fact]
    public async Task A_session_of_the_documented_backend_gets_a_JWT_that_the_gateway_accepts()
    {
        await using var stage = await Stage.StartAsync();
        var jwt = await AnswerAsync($$"""{ user: { id: "{{Fresh.User()}}" } }""");

        using var answer = await stage.ConnectAsync(jwt);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_request_without_a_session_gets_no_JWT_from_the_documented_backend() => Assert.Equal("401", await AnswerAsync("{}"));

    /// <param name="session">What the backend's session holds, in JavaScript.</param>
    private static async Task<string> AnswerAsync(string session)
    {
        if (await FrontendSite.Packages.ObstacleAsync() is { } obstacle) Assert.Skip(obstacle);
        var route = new Document("docs/getting-started.md").Named("js", "//", File);
        await System.IO.File.WriteAllTextAsync(Path.Combine(FrontendSite.Packages.Folder, File), route);
        var start = new ProcessStartInfo("node", ["--input-type=module", "--eval", $$"""
            import { jwtRoute } from "./{{File}}";
            const response = {
              status: code => ({ end: () => console.log(code) }),
              set: () => response,
              json: body => console.log(body.jwt),
            };
            jwtRoute({ get: (path, handle) => handle({ session: {{session}} }, response) });
            """])
        { WorkingDirectory = FrontendSite.Packages.Folder };
        start.Environment["FATHOM_JWT_SECRET"] = TestSettings.JwtSecret;
        await using var node = ChildProcess.Start(start);
        Assert.True(await node.ExitCodeAsync(TimeSpan.FromMinutes(1)) == 0, node.Output + node.Errors);
        return node.Output.Trim();
    }
}
