namespace FathomGateway.Sandbox;

/// <summary>What may differ from one sandbox to the next.</summary>
internal sealed record SandboxOptions
{
    /// <summary>TCP port of the frontend on loopback; 0 takes a free one.</summary>
    public int FrontendPort { get; init; }

    /// <summary>TCP port of the gateway's public listener on loopback; 0 takes a free one.</summary>
    public int GatewayPort { get; init; }

    /// <summary>The gateway's <c>LINK_BINDING</c>: <c>none</c>, <c>cookie</c> or <c>confirm</c>.</summary>
    public string LinkBinding { get; init; } = "none";

    /// <summary>A Redis for the states, as <c>REDIS_URL</c>; null keeps them in memory.</summary>
    public string? Redis { get; init; }

    /// <summary>
    /// A PostgreSQL for the tokens, as <c>DATABASE_URL</c>; null keeps them in a SQLite file that is deleted with the sandbox.
    /// </summary>
    public string? Database { get; init; }

    /// <summary>Where a receiver of the person at the sandbox takes events; null for none.</summary>
    public Uri? EventsUrl { get; init; }

    /// <summary>How long an access token of the stand-in provider lives; sent as <c>expires_in</c> in whole seconds.</summary>
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The clock of the stand-ins. The gateway keeps its own.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
