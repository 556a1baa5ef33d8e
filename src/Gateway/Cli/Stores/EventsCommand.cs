using System.Globalization;
using FathomGateway.Cli.Output;
using FathomGateway.Events.Outbox;
using FathomGateway.Tokens;

namespace FathomGateway.Cli.Stores;

/// <summary><c>gateway events list|redeliver</c>: works on the outbox in the configured database.</summary>
internal static class EventsCommand
{
    private const string Known = "`gateway events list` has all.";

    /// <param name="status">Such as <see cref="StoredEvent.Rested"/>, or null for all.</param>
    public static async Task<int> ListAsync(IServiceProvider services, string? status, bool json, CancellationToken cancel)
    {
        var outbox = services.GetRequiredService<EventOutbox>();
        var table = new TextTable(Console.Out, "ID", "WRITTEN", "TYPE", "USER", "STATUS", "TRIES", "LAST RESULT");
        var array = json ? new JsonArrayWriter<ListedEvent>(Console.Out, CliJson.Default.ListedEvent) : null;
        for (long? after = 0; after is { } last;)
        {
            var page = await outbox.PageAsync(status, last, ConnectionList.MaxPageSize, cancel);
            if (array is null) table.Write([.. page.Events.Select(Row)]);
            else foreach (var one in page.Events) array.Write(ListedEvent.Of(one));
            after = page.Next?.Seq;
        }

        array?.End();
        return StoreCommand.Done;
    }

    /// <summary>Redelivers each event that exists, and names the others.</summary>
    public static async Task<int> RedeliverAsync(IServiceProvider services, string[] ids, CancellationToken cancel)
    {
        var outbox = services.GetRequiredService<EventOutbox>();
        List<(string Id, long Seq, string Suffix)> wanted = [];
        foreach (var (index, id) in ids.Index())
        {
            if (StoredEvent.TryParseId(id, out var seq, out var suffix)) wanted.Add((id, seq, suffix));
            // It is not repeated: what is no id may be a key.
            else await Console.Error.WriteLineAsync($"Argument {index + 1} of {ids.Length} is no id of an event: {Known}");
        }

        var exitCode = wanted.Count == ids.Length ? StoreCommand.Done : StoreCommand.NotDone;
        // In the order in which they were written, so that those of one user keep their order.
        foreach (var (id, seq, suffix) in wanted.OrderBy(one => one.Seq))
        {
            if (await outbox.RedeliverAsync(seq, suffix, cancel))
            {
                Console.Out.WriteLine($"{id} waits to be delivered by a gateway that serves.");
                continue;
            }

            await Console.Error.WriteLineAsync($"There is no event {id}, or it is no longer kept: {Known}");
            exitCode = StoreCommand.NotDone;
        }

        return exitCode;
    }

    /// <summary>Redelivers all events that rest, page by page, and prints how many.</summary>
    public static async Task<int> RedeliverRestedAsync(IServiceProvider services, bool isSure, StopSignals signals)
    {
        var outbox = services.GetRequiredService<EventOutbox>();
        if (!isSure && !Console.IsInputRedirected && await outbox.ReadStatisticsAsync(signals.Token) is { Rested: > 0 and var rested })
        {
            var question = $"Redeliver all events that rest, {rested} now? They can arrive after newer events of their users.";
            if (!await Question.IsConfirmedAsync(question, signals))
            {
                await Console.Error.WriteLineAsync("Nothing was done.");
                return StoreCommand.NotDone;
            }
        }

        var count = 0L;
        try
        {
            var pace = new ProgressPace(watched: !Console.IsErrorRedirected, TimeProvider.System);
            for (long? after = 0; after is { } last;)
            {
                signals.Token.ThrowIfCancellationRequested();
                // A page that has begun is finished. If it were cancelled, it would be unknown whether it was committed.
                var page = await outbox.RedeliverRestedAsync(last, CancellationToken.None);
                (count, after) = (count + page.Count, page.Next);
                if (pace.IsLineDue(count)) await Console.Error.WriteLineAsync($"{count} events so far");
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ConnectionStoreUnavailableException)
        {
            await Console.Error.WriteLineAsync($"Stopped before the end, after {count} events. Run this again to continue.");
            throw;
        }

        Console.Out.WriteLine(count switch
        {
            0 => "No event rests.",
            1 => "1 event waits to be delivered by a gateway that serves.",
            _ => $"{count} events wait to be delivered by a gateway that serves.",
        });
        return StoreCommand.Done;
    }

    private static string[] Row(StoredEvent row) =>
    [
        row.Id, TextTable.Time(row.CreatedAt), row.Type, row.UserId,
        row.Status,
        row.Attempts.ToString(CultureInfo.InvariantCulture), row.LastResult ?? "",
    ];
}
