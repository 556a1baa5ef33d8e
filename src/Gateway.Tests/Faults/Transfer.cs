using System.Net;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>A body that is sent, and comes back, in pieces.</summary>
internal sealed class Transfer(OpenContent body, HttpResponseMessage answer, Stream received) : IDisposable
{
    public static async Task<Transfer> StartAsync(GatewayProcess gateway)
    {
        var body = new OpenContent();
        body.Write("begun");
        var answer = await gateway.Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "echo") { Content = body }, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var received = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var first = new byte[5];
        await received.ReadExactlyAsync(first, TestContext.Current.CancellationToken);
        Assert.Equal("begun"u8.ToArray(), first);
        return new Transfer(body, answer, received);
    }

    public async Task<string> FinishAsync(string rest)
    {
        body.Write(rest);
        body.End();
        return await new StreamReader(received).ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        body.End();
        answer.Dispose();
    }
}
