using System.Globalization;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class ProviderClockTests
{
    [Fact]
    public async Task A_provider_clock_that_is_more_than_40_seconds_off_is_logged_once_until_it_agrees_F22()
    {
        await using var stage = new ProviderStage();
        await AnswerAsync(stage, "");
        await AnswerAsync(stage, Date(0));
        await AnswerAsync(stage, Date(30));
        await AnswerAsync(stage, Date(-30));
        Assert.Empty(Warnings(stage));

        // Behind in three answers, and one that does not say.
        foreach (var date in new[] { Date(-45), Date(-3600), "", Date(-45) }) await AnswerAsync(stage, date);
        Assert.Contains("NTP", Assert.Single(Warnings(stage)), StringComparison.Ordinal);

        await AnswerAsync(stage, Date(0));
        await AnswerAsync(stage, Date(150));
        Assert.Equal(2, Warnings(stage).Length);
    }

    private static string[] Warnings(ProviderStage stage) =>
        [.. stage.Clients.Log.Lines.Where(
            line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("clock", StringComparison.Ordinal))];

    private static string Date(int secondsFromNow) =>
        string.Create(CultureInfo.InvariantCulture, $"Date: {DateTimeOffset.UtcNow.AddSeconds(secondsFromNow):R}\r\n");

    private static async Task AnswerAsync(ProviderStage stage, string field)
    {
        const string Body = """{"access_token":"new","token_type":"Bearer"}""";
        await stage.RefreshAsync(RawResponse.Verbatim($"HTTP/1.1 200 OK\r\n{field}Content-Length: {Body.Length}\r\n\r\n{Body}"));
    }
}
