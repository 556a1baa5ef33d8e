using System.Globalization;
using System.Text.Json;
using FathomGateway.Audit;
using FathomGateway.Cli.Output;
using FathomGateway.Events;
using FathomGateway.Events.Outbox;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Pending;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Cli.Stores;

/// <summary><c>gateway connections list|show|disconnect</c>: works on the configured stores, also while gateways serve.</summary>
internal static class ConnectionsCommand
{
    /// <param name="status">One of <see cref="ConnectionStatus"/>, or null for all.</param>
    public static async Task<int> ListAsync(IServiceProvider services, string? status, bool json, CancellationToken cancel)
    {
        var list = services.GetRequiredService<ConnectionList>();
        var table = new TextTable(Console.Out, "USER", "STATUS", "CONNECTED", "TOKEN ENDS", "VERSION", "REASON");
        var array = json ? new JsonArrayWriter<ShownConnection>(Console.Out, CliJson.Default.ShownConnection) : null;
        for (var after = ""; after is not null;)
        {
            var page = await list.PageAsync(status, after, ConnectionList.MaxPageSize, cancel);
            if (array is null) table.Write([.. page.Connections.Select(Row)]);
            else foreach (var one in page.Connections) array.Write(one);
            after = page.Next;
        }

        array?.End();
        return StoreCommand.Done;
    }

    public static async Task<int> ShowAsync(IServiceProvider services, UserId userId, bool json, CancellationToken cancel)
    {
        var store = services.GetRequiredService<ConnectionStore>();
        if (await store.ReadAsync(userId, cancel) is not { } snapshot) return await NotConnectedAsync(userId);
        var shown = ShownConnection.Of(snapshot.Connection, services.GetRequiredService<StoredAccessToken>().ReconnectOf(snapshot));
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(shown, CliJson.Default.ShownConnection));
            return StoreCommand.Done;
        }

        Console.Out.WriteLine($"""
            user        {userId.Printable}
            status      {shown.Status}
            connected   {TextTable.Time(shown.ConnectedAt)}
            token ends  {TextTable.Time(shown.ExpiresAt)}
            scope       {shown.Scope ?? "-"}
            version     {shown.Version}
            reason      {shown.Reason ?? "-"}
            """);
        return StoreCommand.Done;
    }

    /// <summary>
    /// Does the same as the route: deletes the tokens, including those that wait in Redis, and revokes them at the provider.
    /// </summary>
    public static async Task<int> DisconnectAsync(IServiceProvider services, UserId userId, bool isSure, StopSignals signals)
    {
        var cancel = signals.Token;
        var row = await services.GetRequiredService<ConnectionStore>().FindAsync(userId, cancel);
        if (row is not null) await ReportWithoutEventsAsync(services, cancel);
        if (!isSure && !Console.IsInputRedirected && await DescribeAsync(services, row, userId) is { } found)
        {
            if (!await Question.IsConfirmedAsync($"Disconnect {userId.Printable}, {found}? Their tokens are wiped.", signals))
            {
                await Console.Error.WriteLineAsync("Nothing was done.");
                return StoreCommand.NotDone;
            }
        }

        var result = await services.GetRequiredService<Disconnection>().DisconnectAsync(userId, DisconnectActor.Command, cancel);
        if (ProviderRevoked.Code(result) is not { } revoked) return await NotConnectedAsync(userId);
        Console.Out.WriteLine($"{userId.Printable} is disconnected; revoked by the provider: {revoked}.");
        return StoreCommand.Done;
    }

    /// <returns>What a disconnect would end, in words; null where nothing was found.</returns>
    private static async Task<string?> DescribeAsync(IServiceProvider services, Connection? row, UserId userId)
    {
        if (row is not null) return $"connected since {TextTable.Time(row.ConnectedAt)}";
        var waiting = await services.GetRequiredService<PendingTokenStore>().ListAsync(userId);
        return waiting.Count > 0 ? "whose tokens wait in Redis" : null;
    }

    /// <summary>
    /// A command without <c>EVENTS_URL</c> writes no event. Where the outbox has events, the gateways have <c>EVENTS_URL</c>, and their
    /// backend misses the event of this disconnect. An empty outbox proves nothing: it is empty a day after the last delivery.
    /// </summary>
    private static async Task ReportWithoutEventsAsync(IServiceProvider services, CancellationToken cancel)
    {
        if (services.GetService<EventsOptions>() is not null) return;
        var outbox = services.GetRequiredService<EventOutbox>();
        var hasEvents = (await outbox.ListAsync(after: 0, count: 1, cancel)).Count > 0;
        await Console.Error.WriteLineAsync(hasEvents
            ? $"{EventsOptions.UrlName} is not set here, and the database has events: no event of this disconnect is written, so the "
                + $"backend is not told. Set {EventsOptions.UrlName} and {EventsOptions.SecretName} for this command as for the gateway."
            : $"{EventsOptions.UrlName} is not set here, so no event of this disconnect is written.");
    }

    private static async Task<int> NotConnectedAsync(UserId userId)
    {
        await Console.Error.WriteLineAsync($"{userId.Printable} is not connected.");
        return StoreCommand.NotDone;
    }

    private static string[] Row(ShownConnection one) =>
    [
        one.UserId, one.Status, TextTable.Time(one.ConnectedAt), TextTable.Time(one.ExpiresAt),
        one.Version.ToString(CultureInfo.InvariantCulture),
        one.Reason ?? "",
    ];
}
