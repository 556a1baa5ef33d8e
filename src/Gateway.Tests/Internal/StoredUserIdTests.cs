using System.Text.Json;
using FathomGateway.Tests.Cli;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>Rows whose user ids no JWT may have, such as those that an earlier version accepted.</summary>
public sealed class StoredUserIdTests(RealStores stores)
{
    private const string Odd = "b\u200Fe\nn";

    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_row_whose_user_id_would_not_be_accepted_today_is_listed_shown_and_deleted(string kind)
    {
        await using var stage = await StartAsync(kind);
        foreach (var user in new[] { "ann", "cid" }) await stage.Gateway.StoreAsync(user, "a", "r");
        var target = $"/connections/{InternalCalls.EveryByteEncoded(Odd)}";

        foreach (var list in (string[])["connections", "connections?status=connected"])
        {
            var page = await stage.Gateway.JsonAsync(HttpMethod.Get, list);
            Assert.Equal(["ann", Odd, "cid"], page.GetProperty("connections").EnumerateArray().Select(Id));
        }

        var first = await stage.Gateway.JsonAsync(HttpMethod.Get, "connections?status=connected&limit=2");
        Assert.Equal(Odd, first.GetProperty("next").GetString());
        Assert.Equal(Odd, Id(JsonElement.Parse((await stage.Gateway.RawAsync("GET", target)).BodyText)));
        Assert.Equal(200, (await stage.Gateway.RawAsync("DELETE", target)).Status);
        Assert.Equal(404, (await stage.Gateway.RawAsync("GET", target)).Status);
        // No line of the log has the line feed.
        Assert.Contains("User b\uFFFDe\uFFFDn was disconnected", $"{stage.Gateway.Log}", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_doctor_opens_a_row_whose_user_id_would_not_be_accepted_today(string kind)
    {
        await using var stage = await StartAsync(kind);

        await Examination.FindsAsync("keys", stage.Settings, HealthStatus.Healthy, "All 1 stored connections open.");
    }

    private async Task<EventStage> StartAsync(string kind)
    {
        var stage = await EventStage.StartAsync(stores, kind);
        var (services, user) = (stage.Gateway.Services, UserId.OfStored(Odd));
        var cipher = services.GetRequiredService<TokenCipher>();
        var tokens = ConnectionRows.Issued(user, cipher.Seal("a", user, TokenColumn.AccessToken));
        await services.GetRequiredService<ConnectionStore>().StoreAsync(tokens, TestContext.Current.CancellationToken);
        return stage;
    }

    private static string Id(JsonElement connection) => connection.GetProperty("user_id").GetString()!;
}
