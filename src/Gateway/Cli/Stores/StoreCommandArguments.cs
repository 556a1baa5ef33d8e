using FathomGateway.Tokens;
using FathomGateway.Users;

namespace FathomGateway.Cli.Stores;

/// <summary>Parses the arguments of <c>gateway connections</c> and <c>gateway events</c>.</summary>
internal static class StoreCommandArguments
{
    private const string Json = "--json", Status = "--status", Yes = "--yes", EndOfFlags = "--";

    private static readonly string[] KnownFlags = [Json, Status, Yes, "--help", "-h"];

    /// <returns>The command to run; null where the arguments are invalid.</returns>
    public static Func<IServiceProvider, StopSignals, Task<int>>? Parse(string[] args) => args switch
    {
        ["connections", "list", .. var options] when ListOptions(options) is var (isRead, status, json) && isRead =>
            (services, signals) => ConnectionsCommand.ListAsync(services, status, json, signals.Token),
        ["connections", "show", .. var words] when TryReadUser(words, Json, out var id, out var json) =>
            (services, signals) => ConnectionsCommand.ShowAsync(services, id, json, signals.Token),
        ["connections", "disconnect", .. var words] when TryReadUser(words, Yes, out var id, out var isSure) =>
            (services, signals) => ConnectionsCommand.DisconnectAsync(services, id, isSure, signals),
        ["events", "list"] => (services, signals) => EventsCommand.ListAsync(services, json: false, signals.Token),
        ["events", "list", Json] => (services, signals) => EventsCommand.ListAsync(services, json: true, signals.Token),
        ["events", "redeliver", var id] when !id.StartsWith('-') =>
            (services, signals) => EventsCommand.RedeliverAsync(services, id, signals.Token),
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

    private static (bool IsRead, string? Status, bool Json) ListOptions(string[] options)
    {
        var (status, json) = ((string?)null, false);
        for (var i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case Json:
                    json = true;
                    break;
                case Status when options.ElementAtOrDefault(i + 1) is ConnectionStatus.Connected or ConnectionStatus.ReconnectRequired:
                    status = options[++i];
                    break;
                default:
                    return default;
            }
        }

        return (true, status, json);
    }
}
