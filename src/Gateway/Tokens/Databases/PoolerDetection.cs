using Npgsql;

namespace FathomGateway.Tokens.Databases;

/// <summary>
/// Whether connections lead to a pooler such as PgBouncer. It may execute the next statement on another connection of the server, which
/// does not have the statements that were prepared.
/// </summary>
internal sealed class PoolerDetection
{
    private volatile bool _isAbsent, _isPresent;

    /// <summary>
    /// Compares the number of the session's process at the server with the one that the client was given. A pooler gives its clients
    /// numbers of its own, by which it cancels their queries.
    /// </summary>
    public async ValueTask<bool> IsAbsentAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (_isPresent) return false;
        if (_isAbsent) return true;
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        var isAbsent = await command.ExecuteScalarAsync(cancel) is int process && process == connection.ProcessID;
        if (isAbsent) _isAbsent = true;
        else _isPresent = true;
        return isAbsent;
    }

    /// <summary>Looks again at the next statement: the address may lead to a pooler now.</summary>
    public void Forget() => _isAbsent = false;

    /// <summary>Prepares no more statements. A server does not lose one, so there is a pooler that cannot be recognised.</summary>
    public void Assume() => _isPresent = true;
}
