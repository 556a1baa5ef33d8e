using FathomGateway.Tokens;
using FathomGateway.Users;

namespace FathomGateway.Cli.Stores;

/// <summary>Parses the arguments of <c>gateway connections</c> and <c>gateway events</c>.</summary>
internal static class StoreCommandArguments
{
    private const string Json = "--json", Status = "--status", Yes = "--yes";

    /// <returns>The command to run; null where the arguments are invalid.</returns>
    public static Func<IServiceProvider, CancellationToken, Task<int>>? Parse(string[] args) => args switch
    {
        ["connections", "list", .. var options] when ListOptions(options) is var (isRead, status, json) && isRead =>
            (services, cancel) => ConnectionsCommand.ListAsync(services, status, json, cancel),
        ["connections", "show", var user] when IsUser(user, out var id) =>
            (services, cancel) => ConnectionsCommand.ShowAsync(services, id, json: false, cancel),
        ["connections", "show", var user, Json] when IsUser(user, out var id) =>
            (services, cancel) => ConnectionsCommand.ShowAsync(services, id, json: true, cancel),
        ["connections", "disconnect", var user] when IsUser(user, out var id) =>
            (services, cancel) => ConnectionsCommand.DisconnectAsync(services, id, isSure: false, cancel),
        ["connections", "disconnect", var user, Yes] when IsUser(user, out var id) =>
            (services, cancel) => ConnectionsCommand.DisconnectAsync(services, id, isSure: true, cancel),
        ["events", "list"] => (services, cancel) => EventsCommand.ListAsync(services, json: false, cancel),
        ["events", "list", Json] => (services, cancel) => EventsCommand.ListAsync(services, json: true, cancel),
        ["events", "redeliver", var id] when !IsFlag(id) => (services, cancel) => EventsCommand.RedeliverAsync(services, id, cancel),
        _ => null,
    };

    /// <summary>A flag in the wrong place is no user id: <c>disconnect --yes</c> must not disconnect a user of that name.</summary>
    private static bool IsUser(string text, out UserId id) => UserId.TryParse(text, out id) && !IsFlag(text);

    private static bool IsFlag(string text) => text.StartsWith('-');

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
