using System.Globalization;
using FathomGateway.Cli.Output;
using FathomGateway.Events.Outbox;

namespace FathomGateway.Cli.Stores;

/// <summary><c>gateway events list|redeliver</c>: works on the outbox in the configured database.</summary>
internal static class EventsCommand
{
    private const int PageSize = 1000;

    public static async Task<int> ListAsync(IServiceProvider services, bool json, CancellationToken cancel)
    {
        var outbox = services.GetRequiredService<EventOutbox>();
        var table = new TextTable(Console.Out, "ID", "WRITTEN", "TYPE", "USER", "STATUS", "TRIES", "LAST RESULT");
        var array = json ? new JsonArrayWriter<ListedEvent>(Console.Out, CliJson.Default.ListedEvent) : null;
        IReadOnlyList<StoredEvent> page;
        var after = 0L;
        do
        {
            page = await outbox.ListAsync(after, PageSize, cancel);
            if (array is null) table.Write([.. page.Select(Row)]);
            else foreach (var one in page) array.Write(ListedEvent.Of(one));
            after = page.Count > 0 ? page[^1].Seq : after;
        }
        while (page.Count == PageSize);

        array?.End();
        return StoreCommand.Done;
    }

    public static async Task<int> RedeliverAsync(IServiceProvider services, string id, CancellationToken cancel)
    {
        var outbox = services.GetRequiredService<EventOutbox>();
        if (!StoredEvent.TryParseId(id, out var seq, out var suffix) || !await outbox.RedeliverAsync(seq, suffix, cancel))
        {
            await Console.Error.WriteLineAsync("There is no event of this id, or it is no longer kept: `gateway events list` has all.");
            return StoreCommand.NotDone;
        }

        Console.Out.WriteLine($"{id} waits to be delivered by a gateway that serves.");
        return StoreCommand.Done;
    }

    private static string[] Row(StoredEvent row) =>
    [
        row.Id, TextTable.Time(row.CreatedAt), row.Type, row.UserId,
        row.Status,
        row.Attempts.ToString(CultureInfo.InvariantCulture), row.LastResult ?? "",
    ];
}
