using System.Globalization;

namespace FathomGateway.Sandbox;

/// <summary>The arguments as read: options to start with, a wish for help, or a fault to tell.</summary>
internal sealed record CommandLine(SandboxOptions Options, bool Help = false, string? Fault = null)
{
    /// <summary>Short usage, the answer to <c>--help</c>.</summary>
    public const string Usage = """
        Usage: dotnet run --project src/Sandbox [-- options]

        Starts a stand-in Fathom, a backend, a frontend and the gateway in front of it, all on 127.0.0.1.

          --port N           port of the frontend (default: a free one)
          --gateway-port N   port of the gateway (default: a free one)
          --link-binding X   none, cookie or confirm (default: none); /attack on the frontend plays the attack
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
                "--link-binding" => line.WithLinkBinding(args, ++i),
                _ => line with { Fault = $"Unknown argument '{args[i]}'. See --help." },
            };
        return line;
    }

    private CommandLine WithLinkBinding(IReadOnlyList<string> args, int at) => at < args.Count && (args[at] is "none" or "cookie" or "confirm")
        ? this with { Options = Options with { LinkBinding = args[at] } }
        : this with { Fault = "--link-binding needs none, cookie or confirm." };

    private CommandLine WithPort(IReadOnlyList<string> args, int at, Func<SandboxOptions, int, SandboxOptions> set) =>
        at < args.Count && int.TryParse(args[at], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535
            ? this with { Options = set(Options, port) }
            : this with { Fault = $"{args[at - 1]} needs a port from 1 to 65535." };
}
