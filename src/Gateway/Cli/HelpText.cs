namespace FathomGateway.Cli;

/// <summary>The help texts of the command line and of its commands.</summary>
internal static class HelpText
{
    private const string General = """
        FathomGateway: adds "Connect Fathom" to an app, in front of its existing backend.

        Usage:
          gateway                 serve; configured by environment variables (see README)
          gateway doctor          check configuration, users' JWTs, provider, redirect URI, Redis, PostgreSQL,
                                  keys, backend and clock, and say what to fix
          gateway doctor --jwt -  say whether a JWT on standard input would be accepted, and for whom
          gateway connections     list connections, show one, disconnect a user
          gateway events          list the events of EVENTS_URL, have some delivered again
          gateway health          ask the gateway on this machine whether it is live
          gateway keys new        print a new entry for TOKEN_ENCRYPTION_KEYS
          gateway keys reencrypt  move every stored token to the first key, while gateways serve
          gateway --help          print this; after a command, more about it
          gateway --version       print version and commit

        Exit code: 64 where the command line is wrong; the help of each command has its others.
        """;

    private const string Doctor = """
        gateway doctor [--json] [--send-event]
        gateway doctor --jwt - [--json]

        Run it with the variables of the gateway that serves. It prints each setting with its value (of a
        secret, that it is set) and where that came from, then looks at every part and says what to fix:
          ok    as it should be
          warn  works, and deserves a look
          FAIL  needs fixing; the line says how
        It serves nothing and needs no port. It saves a test state in Redis, which expires, and makes
        the schema where it is missing, as a start does. --json prints the same for machines. --send-event also
        posts a signed event of the type gateway.test to EVENTS_URL.

        --jwt - reads a JWT (alone, or after Bearer) from standard input and says for whom it would be accepted,
        or why not and what to do. It prints nothing else of it and needs no store.

        Exit code: 0 when nothing is to be fixed, or the JWT is accepted; else 1.
        """;

    private const string Connections = """
        gateway connections list [--status connected|reconnect_required] [--json]
        gateway connections show [--json] [--] USER
        gateway connections disconnect [--yes] [--] USER

        They work on the stores of the gateway's own variables, while gateways serve. disconnect wipes the
        user's tokens and tells the provider; on a terminal it asks first, unless --yes is given. The backend gets
        its event only where EVENTS_URL is set for the command, too. The audit line of disconnect is on
        standard error, and in no log of a gateway.
        After -- any word is the USER, also one such as --yes.

        Exit code: 0 when it is done, 1 when the answer is not y, the user is not connected or a store is away,
        78 for wrong settings.
        """;

    private const string Events = """
        gateway events list [--status waiting|delivered|rested] [--json]
        gateway events redeliver ID [ID ...]
        gateway events redeliver --status rested [--yes]

        list shows what is in the outbox: events that wait, that were delivered in the last day, and that rest,
        because they are no longer retried after three days. redeliver has events delivered once more by a gateway
        that serves, those of one user in the order of their changes. With --status rested it redelivers all that
        rest; on a terminal it asks first, unless --yes is given.

        Exit code: 0 when it is done, 1 when there is no such event, the answer is not y or the database is away,
        78 for wrong settings.
        """;

    private const string Health = """
        gateway health

        Asks /health/live of the gateway on this machine, by MANAGEMENT_PORT and MANAGEMENT_HOST.

        Exit code: 0 when it is live, else 1.
        """;

    private const string Keys = """
        gateway keys new        print a new entry for TOKEN_ENCRYPTION_KEYS, with a random key
        gateway keys reencrypt  move every stored token to the first key of TOKEN_ENCRYPTION_KEYS, while
                                gateways serve; reads DATABASE_URL (or EMBEDDED and DATA_DIR) and the keys
                                alone, may be stopped and run again

        Exit code: 0 when all is done, 1 when rows are left (standard error says why), 78 for wrong settings.
        """;

    public static string For(string[] args) =>
        args.FirstOrDefault(one => one is "doctor" or "health" or "keys" or "connections" or "events") switch
        {
            "doctor" => Doctor,
            "health" => Health,
            "connections" => Connections,
            "events" => Events,
            "keys" => Keys,
            _ => General,
        };
}
