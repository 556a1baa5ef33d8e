namespace FathomGateway.Cli.StoreChecks;

/// <summary>Explains errors of Redis to an operator, with the remedy.</summary>
internal static class RedisErrorHints
{
    private const string NoPermission =
        "does not let this user do what the gateway needs: allow it +@read +@write +@scripting +@connection on the keys ~fathom:*";

    /// <summary>
    /// The error's name in Redis' message, and the explanation. Errors of a script have the name in the middle of the message.
    /// </summary>
    private static readonly (string Mark, string Remedy)[] Known =
    [
        ("NOAUTH", "wants a password: write it into REDIS_URL, as in redis://:password@host:port"),
        ("WRONGPASS", "refuses user or password: correct them in REDIS_URL"),
        ("invalid password", "refuses the password: correct it in REDIS_URL"),
        ("without any password", "has no password, and REDIS_URL gives one: leave it out there, or give Redis the same (requirepass)"),
        (
            "DENIED",
            "takes connections from its own machine alone (protected mode): give it a password, or bind it to the network on purpose"),
        ("LOADING", "is still loading its data: wait and look again"),
        ("OOM", "is full and refuses writes: give it more memory (maxmemory), or look for what else fills it"),
        ("READONLY", "is a read-only replica: point REDIS_URL at the primary, or at the sentinels"),
        ("MASTERDOWN", "is a replica that has lost its primary: point REDIS_URL at the primary, or at the sentinels"),
        ("MISCONF", "refuses writes, because it cannot save its snapshot: look at its log and its disk"),
        ("NOREPLICAS", "refuses writes, because too few replicas follow it (min-replicas-to-write): bring them back"),
        ("CLUSTERDOWN", "is a cluster in which slots are not served: look at CLUSTER INFO and bring the node back"),
        ("BUSY", "is busy with another client's script: look at its slow log"),
        ("does not exist on the server", "has no database of that number: correct what follows the last / in REDIS_URL"),
        ("can't run this command", NoPermission),
        ("permission", NoPermission),
        ("max number of clients", "has as many clients as it takes: raise maxclients, or look who holds them"),
    ];

    /// <summary>A predicate about Redis; null for an unknown error.</summary>
    public static string? Of(string error) => Known.FirstOrDefault(one => error.Contains(one.Mark, StringComparison.Ordinal)).Remedy;
}
