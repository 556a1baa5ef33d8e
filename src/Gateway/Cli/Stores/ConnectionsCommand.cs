using System.Globalization;
using System.Text.Json;
using FathomGateway.Cli.Output;
using FathomGateway.Tokens;
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
            user        {shown.UserId}
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
    public static async Task<int> DisconnectAsync(IServiceProvider services, UserId userId, bool isSure, CancellationToken cancel)
    {
        var store = services.GetRequiredService<ConnectionStore>();
        if (!isSure && !Console.IsInputRedirected && await store.FindAsync(userId, cancel) is { } row)
        {
            Console.Out.Write($"Disconnect {userId}, connected since {TextTable.Time(row.ConnectedAt)}? Their tokens are wiped. [y/N] ");
            if (Console.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
            {
                Console.Out.WriteLine("Nothing was done.");
                return StoreCommand.NotDone;
            }
        }

        var result = await services.GetRequiredService<Disconnection>().DisconnectAsync(userId, cancel);
        if (ProviderRevoked.Code(result) is not { } revoked) return await NotConnectedAsync(userId);
        Console.Out.WriteLine($"{userId} is disconnected; revoked by the provider: {revoked}.");
        return StoreCommand.Done;
    }

    private static async Task<int> NotConnectedAsync(UserId userId)
    {
        await Console.Error.WriteLineAsync($"{userId} is not connected.");
        return StoreCommand.NotDone;
    }

    private static string[] Row(ShownConnection one) =>
    [
        one.UserId, one.Status, TextTable.Time(one.ConnectedAt), TextTable.Time(one.ExpiresAt),
        one.Version.ToString(CultureInfo.InvariantCulture),
        one.Reason ?? "",
    ];
}
