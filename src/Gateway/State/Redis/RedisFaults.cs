using StackExchange.Redis;

namespace FathomGateway.State.Redis;

/// <summary>What a failure of the client library means.</summary>
internal static class RedisFaults
{
    /// <summary>
    /// Whether it is the library's way to say that Redis could not do it. Not all of its exceptions have one ancestor: one is thrown for a
    /// database number that Redis has not.
    /// </summary>
    public static bool IsOne(Exception failure) =>
        failure is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException or StateStoreUnavailableException;

    /// <summary>
    /// Whether the command may have been carried out. An error that Redis itself answers means that nothing was done; a connection that was
    /// not there, that nothing was sent.
    /// </summary>
    public static bool MayHaveBeenSent(Exception failure) => failure switch
    {
        RedisServerException or RedisCommandException or ObjectDisposedException => false,
        RedisConnectionException { CommandStatus: CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog } => false,
        RedisTimeoutException { Commandstatus: CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog } => false,
        _ => true,
    };

    /// <summary>Whether Redis asks for a password, or for another one; the reason is inside of the failure to connect.</summary>
    public static bool IsRefusal(Exception failure)
    {
        for (var one = failure; one is not null; one = one.InnerException)
        {
            if (one is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }) return true;
            if (one is RedisServerException && one.Message.StartsWith("NOAUTH", StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>A few words for the log. An error of Redis begins with its name, such as OOM; the rest may repeat what was asked.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        RedisServerException => failure.Message.Split(' ')[0],
        RedisCommandException => "it cannot be asked this",
        RedisConnectionException connection => $"{connection.FailureType}",
        _ => failure.InnerException is { } inner ? Describe(inner) : "no answer in time",
    };
}
