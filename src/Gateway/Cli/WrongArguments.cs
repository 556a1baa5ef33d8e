using FathomGateway.Users;

namespace FathomGateway.Cli;

/// <summary>
/// Says what a command takes. It repeats known words alone, because any other argument may be a JWT or a key.
/// </summary>
internal static class WrongArguments
{
    private static readonly string User = $"one USER of at most {UserId.MaxBytes} bytes in UTF-8";

    private static readonly (string[] Command, string Takes)[] Commands =
    [
        (["health"], "no argument"),
        (["keys"], "new or reencrypt"),
        (["keys", "new"], "no argument"),
        (["keys", "reencrypt"], "no argument"),
        (["doctor"], "--json and --send-event, or --jwt - and --json"),
        (["connections"], "list, show or disconnect"),
        (["connections", "list"], "--json, and --status with connected or reconnect_required as a word of its own"),
        (["connections", "show"], $"--json, and {User}"),
        (["connections", "disconnect"], $"--yes, and {User}"),
        (["events"], "list or redeliver"),
        (["events", "list"], "--json, and --status with waiting, delivered or rested as a word of its own"),
        (["events", "redeliver"], "one or more IDs, as `gateway events list` has them, or --status rested with or without --yes"),
    ];

    public static string Explain(string[] args) => $"{Fault(args)}\n\n{HelpText.For(args)}";

    private static string Fault(string[] args)
    {
        if (Array.Exists(args, one => one.StartsWith("--jwt", StringComparison.Ordinal)))
        {
            return "A JWT is read from standard input alone, as arguments are seen by others: gateway doctor --jwt - [--json]";
        }

        // The longer one of two commands that begin alike stands last.
        var (command, takes) = Array.FindLast(Commands, known => args.Take(known.Command.Length).SequenceEqual(known.Command));
        return command is null ? "Unknown command." : $"Wrong arguments: gateway {string.Join(' ', command)} takes {takes}.";
    }
}
