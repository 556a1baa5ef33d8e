using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>A body that comes in two pieces, the second of which the test holds back.</summary>
internal sealed class Download : IDisposable
{
    private const string First = "begun ", Second = "and ended";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Stream _received = null!;

    public static async Task<Download> StartAsync(GatewayProcess gateway, RecordingBackend backend)
    {
        var download = new Download();
        backend.Answers(async (_, exchange) =>
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {First.Length + Second.Length}\r\n\r\n{First}");
            await download._more.Task.WaitAsync(exchange.ServerEnds);
            await exchange.SendAsync(Second);
        });
        download._received = await gateway.Client.GetStreamAsync("file", TestContext.Current.CancellationToken);
        var first = new byte[First.Length];
        await download._received.ReadExactlyAsync(first, TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit);
        Assert.Equal(First, Encoding.ASCII.GetString(first));
        return download;
    }

    /// <summary>Whether the rest comes, and nothing else.</summary>
    public async Task<bool> EndsAsync()
    {
        _more.SetResult();
        using var rest = new StreamReader(_received);
        return await rest.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Limit) == Second;
    }

    public void Dispose()
    {
        _more.TrySetResult();
        _received.Dispose();
    }
}
