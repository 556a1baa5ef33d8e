using StackExchange.Redis;

namespace FathomGateway.State.Redis;

/// <summary>Classifies exceptions of the client library.</summary>
internal static class RedisFaults
{
    /// <summary>
    /// Whether the exception says that Redis could not execute a command. The library's exceptions have no common base class.
    /// </summary>
    public static bool IsOne(Exception failure) =>
        failure is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException or StateStoreUnavailableException;

    /// <summary>
    /// Whether the command may have been executed. After an error response nothing was done. Without a connection nothing was sent.
    /// </summary>
    public static bool MayHaveBeenSent(Exception failure) => failure switch
    {
        RedisServerException or RedisCommandException or ObjectDisposedException => false,
        RedisConnectionException { CommandStatus: CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog } => false,
        RedisTimeoutException { Commandstatus: CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog } => false,
        _ => true,
    };

    /// <summary>Whether Redis requires a password or refuses the given one. The reason is an inner exception.</summary>
    public static bool IsRefusal(Exception failure)
    {
        for (var one = failure; one is not null; one = one.InnerException)
        {
            if (one is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }) return true;
            if (one is RedisServerException && one.Message.StartsWith("NOAUTH", StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>
    /// A short description for the log. An error response begins with the name of the error, such as OOM. The rest is left out, because it
    /// may repeat the command.
    /// </summary>
    public static string Describe(Exception failure) => failure switch
    {
        RedisServerException => failure.Message.Split(' ')[0],
        RedisCommandException => "it cannot be asked this",
        RedisConnectionException connection => $"{connection.FailureType}",
        _ => failure.InnerException is { } inner ? Describe(inner) : "no answer in time",
    };
}
