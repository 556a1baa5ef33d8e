using FathomGateway.Events.Outbox;
using FathomGateway.Tokens;
using FathomGateway.Users;

namespace FathomGateway.Cli.Stores;

/// <summary>Parses the arguments of <c>gateway connections</c> and <c>gateway events</c>.</summary>
internal static class StoreCommandArguments
{
    private const string Json = "--json", Status = "--status", Yes = "--yes", EndOfFlags = "--";

    private static readonly string[] KnownFlags = [Json, Status, Yes, "--help", "-h"];

    private static readonly string[] ConnectionStatuses = [ConnectionStatus.Connected, ConnectionStatus.ReconnectRequired];

    private static readonly string[] EventStatuses = [StoredEvent.Waiting, StoredEvent.Delivered, StoredEvent.Rested];

    /// <returns>The command to run; null where the arguments are invalid.</returns>
    public static Func<IServiceProvider, StopSignals, Task<int>>? Parse(string[] args) => args switch
    {
        ["connections", "list", .. var options] when ListOptions(options, ConnectionStatuses) is var (isRead, status, json) && isRead =>
            (services, signals) => ConnectionsCommand.ListAsync(services, status, json, signals.Token),
        ["connections", "show", .. var words] when TryReadUser(words, Json, out var id, out var json) =>
            (services, signals) => ConnectionsCommand.ShowAsync(services, id, json, signals.Token),
        ["connections", "disconnect", .. var words] when TryReadUser(words, Yes, out var id, out var isSure) =>
            (services, signals) => ConnectionsCommand.DisconnectAsync(services, id, isSure, signals),
        ["events", "list", .. var options] when ListOptions(options, EventStatuses) is var (isRead, status, json) && isRead =>
            (services, signals) => EventsCommand.ListAsync(services, status, json, signals.Token),
        ["events", "redeliver", Status, StoredEvent.Rested] =>
            (services, signals) => EventsCommand.RedeliverRestedAsync(services, isSure: false, signals),
        ["events", "redeliver", Status, StoredEvent.Rested, Yes] or ["events", "redeliver", Yes, Status, StoredEvent.Rested] =>
            (services, signals) => EventsCommand.RedeliverRestedAsync(services, isSure: true, signals),
        ["events", "redeliver", .. var ids] when ids.Length > 0 && !Array.Exists(ids, id => id.StartsWith('-')) =>
            (services, signals) => EventsCommand.RedeliverAsync(services, ids, signals.Token),
        _ => null,
    };

    /// <summary>
    /// Reads one user, who may begin with a hyphen. A known flag in the wrong place is no user: <c>disconnect --yes</c> must not disconnect
    /// a user of that name. After <c>--</c> any word is the user (POSIX, utility syntax guideline 10).
    /// </summary>
    /// <param name="flag">The flag of this command.</param>
    private static bool TryReadUser(string[] words, string flag, out UserId id, out bool isFlagged)
    {
        var end = Array.IndexOf(words, EndOfFlags);
        string[] before = end < 0 ? words : words[..end], after = end < 0 ? [] : words[(end + 1)..];
        string[] users = [.. before.Where(word => word != flag), .. after];
        id = default;
        isFlagged = before.Contains(flag);
        return users.Length == 1 && !before.Except([flag]).Any(KnownFlags.Contains) && UserId.TryParseStored(users[0], out id);
    }

    /// <param name="statuses">Those that the list may be limited to.</param>
    private static (bool IsRead, string? Status, bool Json) ListOptions(string[] options, string[] statuses)
    {
        var (status, json) = ((string?)null, false);
        for (var i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case Json:
                    json = true;
                    break;
                case Status when options.ElementAtOrDefault(i + 1) is { } next && statuses.Contains(next):
                    status = options[++i];
                    break;
                default:
                    return default;
            }
        }

        return (true, status, json);
    }
}
