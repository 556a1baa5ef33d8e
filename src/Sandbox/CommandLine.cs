using System.Globalization;
using FathomGateway.Sandbox.Frontend;
using FathomGateway.Sandbox.Show;

namespace FathomGateway.Sandbox;

/// <summary>The arguments as read: options to start with, a request for help, or a fault to report.</summary>
internal sealed record CommandLine(SandboxOptions Options, bool Help = false, string? Fault = null)
{
    /// <summary>Short usage, the answer to <c>--help</c>.</summary>
    public const string Usage = """
        Usage: dotnet run --project src/Sandbox [-- options]

        Starts a stand-in Fathom, a backend, a frontend and the gateway in front of it, all on 127.0.0.1.

          --port N           port of the frontend (default: a free one)
          --gateway-port N   port of the gateway (default: a free one)
          --link-binding X   none, cookie or confirm (default: none); /attack on the frontend plays the attack
          --redis URL        keep states in this Redis, in place of memory: redis://127.0.0.1:6379
          --database URL     keep tokens in this PostgreSQL, in place of a file that is deleted at the end:
                             postgresql://user:password@127.0.0.1/database
          --events-url URL   try a receiver of your own: each event is passed on to it, and the variables that it needs are
                             printed, with secrets that are new for each sandbox
          --help             this text
        """;

    /// <summary>Reads the arguments; the first fault ends the reading.</summary>
    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(new SandboxOptions());
        for (var i = 0; i < args.Count && line is { Help: false, Fault: null }; i++)
            line = args[i] switch
            {
                "--help" or "-h" => line with { Help = true },
                "--port" => line.WithPort(args, ++i, (options, port) => options with { FrontendPort = port }),
                "--gateway-port" => line.WithPort(args, ++i, (options, port) => options with { GatewayPort = port }),
                "--redis" => line.WithAddress(
                    args, ++i, url => RedisStates.Read(url) is not null, (options, url) => options with { Redis = url }),
                "--database" => line.WithAddress(
                    args, ++i, url => StoredConnection.Read(url) is not null, (options, url) => options with { Database = url }),
                "--events-url" => line.WithAddress(
                    args, ++i, IsHttp, (options, url) => options with { EventsUrl = new Uri(url) }),
                "--link-binding" => line.WithLinkBinding(args, ++i),
                _ => line with { Fault = $"Unknown argument '{args[i]}'. See --help." },
            };
        return line;
    }

    private CommandLine WithLinkBinding(IReadOnlyList<string> args, int at) =>
        at < args.Count && (args[at] is "none" or "cookie" or "confirm")
        ? this with { Options = Options with { LinkBinding = args[at] } }
        : this with { Fault = "--link-binding needs none, cookie or confirm." };

    private CommandLine WithAddress(
        IReadOnlyList<string> args, int at, Predicate<string> valid, Func<SandboxOptions, string, SandboxOptions> set) =>
        at < args.Count && valid(args[at])
            ? this with { Options = set(Options, args[at]) }
            : this with { Fault = $"{args[at - 1]} needs an address. See --help." };

    private static bool IsHttp(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is ("http" or "https") && url.Host.Length > 0 && url is { UserInfo: "", Fragment: "" };

    private CommandLine WithPort(IReadOnlyList<string> args, int at, Func<SandboxOptions, int, SandboxOptions> set) =>
        at < args.Count && Port(args[at]) is { } port
            ? this with { Options = set(Options, port) }
            : this with { Fault = $"{args[at - 1]} needs a port from 1 to 65535." };

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535 ? port : null;
}
