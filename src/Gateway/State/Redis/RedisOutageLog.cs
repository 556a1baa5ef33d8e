namespace FathomGateway.State.Redis;

/// <summary>
/// Logs an outage of Redis with one line when it begins and one when it ends, instead of one per command. A refused login is logged even
/// during an outage that was logged before.
/// </summary>
internal sealed partial class RedisOutageLog(ILogger log)
{
    private volatile LoggedState _logged;

    private enum LoggedState
    {
        Serves,
        Away,
        Refuses,
    }

    public void Note(Exception failure)
    {
        if (RedisFaults.IsRefusal(failure)) NoteRefusal();
        else if (Escalate(LoggedState.Away)) Away(log, RedisFaults.Describe(failure));
    }

    public void NoteRefusal()
    {
        if (Escalate(LoggedState.Refuses)) Refused(log);
    }

    private bool Escalate(LoggedState now)
    {
        if (now <= _logged) return false;
        _logged = now;
        return true;
    }

    public void NoteSilence(TimeSpan silence) => Silent(log, silence.TotalSeconds);

    public void End()
    {
        if (_logged == LoggedState.Serves) return;
        _logged = LoggedState.Serves;
        Back(log);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis has not answered for {Seconds} s; a new connection is made.")]
    private static partial void Silent(ILogger log, double seconds);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Redis rejected the login: check user and password of REDIS_URL, and whether it is redis:// or rediss://. Nobody can "
            + "connect until then; proxying goes on.")]
    private static partial void Refused(ILogger log);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Redis cannot serve ({Failure}); connecting waits, proxying goes on. `gateway doctor` says what to fix.")]
    private static partial void Away(ILogger log, string failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis serves again.")]
    private static partial void Back(ILogger log);
}
