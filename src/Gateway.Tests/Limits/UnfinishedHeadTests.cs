using FathomGateway.Limits;
using FathomGateway.Limits.Connections;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Limits;

/// <summary>
/// The server keeps the fields of a head as text before the head ends, so a head is charged as it arrives.
/// </summary>
public sealed class UnfinishedHeadTests : IAsyncLifetime
{
    private const int Bytes = 30 * 1024;

    private static readonly string First = "GET /first HTTP/1.1\r\nHost: h\r\n\r\n";
    private static readonly string Unfinished = "GET /second HTTP/1.1\r\nHost: h\r\nX-Large: " + new string('x', Bytes) + "\r\n";

    private readonly RecordingBackend _backend = RecordingBackend.Start();
    private GatewayUnderTest _gateway = null!;
    private RawClient _client = null!;
    private long _idle;

    private ConnectionBudget Budget => _gateway.Services.GetRequiredService<ConnectionBudget>();

    [Fact]
    public async Task A_first_head_without_an_end_is_charged_as_text_until_its_request_is_over()
    {
        const long Charged = MemoryCost.Connection + MemoryCost.FirstRequest;
        await ChargedAsync(more => more == Charged, "the connection is charged");
        await _client.SendAsync(Unfinished);
        await ChargedAsync(
            more => more >= MemoryCost.Connection + (Bytes * MemoryCost.HeadByte) && more < Charged + (Bytes * MemoryCost.HeadByte),
            "the text is charged");

        await _client.SendAsync("\r\n");

        Assert.Equal("backend", (await _client.ReadResponseAsync()).BodyText);
        await ChargedAsync(more => more == MemoryCost.Connection, "nothing of the head is charged any more");
    }

    [Fact]
    public async Task A_client_whose_first_head_has_no_end_yields_to_new_ones_where_memory_is_short()
    {
        await _client.SendAsync(Unfinished);
        await ChargedAsync(more => more > MemoryCost.Connection + MemoryCost.FirstRequest, "the text is charged");
        Budget.Charge(Budget.Bounds.Memory - Budget.Memory);
        Budget.ChargeUnfinishedHeads();

        await Assert.ThrowsAnyAsync<IOException>(() => _client.ReadResponseAsync());
        Assert.Equal("backend", (await RawClient.ExchangeAsync(_gateway.Public, First)).BodyText);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_later_head_without_an_end_is_charged_as_text_until_its_request_is_over(bool inOneSegment)
    {
        await BecomeUnfinishedAsync(inOneSegment);

        await _client.SendAsync("\r\n");

        Assert.Equal("backend", (await _client.ReadResponseAsync()).BodyText);
        await ChargedAsync(more => more == 0, "nothing of the head is charged any more");
    }

    [Fact]
    public async Task A_later_head_without_an_end_is_charged_no_more_when_its_connection_ends()
    {
        await BecomeUnfinishedAsync(inOneSegment: false);

        await _client.DisposeAsync();

        await ChargedAsync(more => more < 0, "neither the head nor the connection is charged any more");
    }

    public async ValueTask InitializeAsync()
    {
        _gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("BACKEND_URL", $"{_backend.Address}")));
        _client = await RawClient.ConnectAsync(_gateway.Public);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }

    private async Task BecomeUnfinishedAsync(bool inOneSegment)
    {
        await ExchangeAsync(First);
        await Eventually.BecomesTrueAsync(() => Budget.Memory == MemoryCost.Connection, TimeSpan.FromSeconds(30), "the connection is idle");
        _idle = Budget.Memory;
        await ExchangeAsync(inOneSegment ? First + Unfinished : First);
        if (!inOneSegment) await _client.SendAsync(Unfinished);
        // Beyond the text there is only what a buffer holds, and that is given back.
        await ChargedAsync(
            more => more is >= Bytes * MemoryCost.HeadByte and < (Bytes + 1024) * MemoryCost.HeadByte, "the text is charged");
    }

    private async Task ExchangeAsync(string bytes)
    {
        await _client.SendAsync(bytes);
        Assert.Equal("backend", (await _client.ReadResponseAsync()).BodyText);
    }

    private Task ChargedAsync(Func<long, bool> isRight, string what) => Eventually.BecomesTrueAsync(
        () =>
        {
            Budget.ChargeUnfinishedHeads();
            return isRight(Budget.Memory - _idle);
        },
        TimeSpan.FromSeconds(30),
        what);
}
