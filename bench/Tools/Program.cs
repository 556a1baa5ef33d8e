using System.Globalization;
using FathomGateway.Bench;

// Tools for the shell scripts. Each command prints figures for them to read.
return args switch
{
    ["backend", var port] => await StreamBackend.RunAsync(int.Parse(port, null)),
    ["sockets", var port, var count] => await IdleSockets.RunAsync(int.Parse(port, null), int.Parse(count, null)),
    ["rate", var url, var rate, var seconds, var connections] =>
        ConstantRate.Run(url, int.Parse(rate, null), double.Parse(seconds, CultureInfo.InvariantCulture), int.Parse(connections, null)),
    ["start", var port, .. var command] => await FirstAnswer.RunAsync(int.Parse(port, null), command),
    ["jwts", var secret, var count] => UserTokens.Write(secret, int.Parse(count, null)),
    ["partners", var port] => await Partners.RunAsync(int.Parse(port, null)),
    ["states", var url, var jwts, var skipped, var count] =>
        await Callbacks.WriteStatesAsync(url, jwts, int.Parse(skipped, null), int.Parse(count, null)),
    ["callbacks", var url, var states, var connections, var pause] =>
        await Callbacks.RunAsync(url, states, int.Parse(connections, null), int.Parse(pause, null)),
    ["connections", var key, var count] => ConnectionRows.Write(key, int.Parse(count, null)),
    ["compare", var measured, .. var names] => Comparison.Write(measured, names),
    ["report", var measured, var folder, var facts] => Report.Write(measured, folder, facts),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        backend PORT | sockets PORT COUNT | rate URL PER-SECOND SECONDS CONNECTIONS | start PORT COMMAND...
        jwts SECRET COUNT | connections KEY COUNT | partners PORT | states URL JWTS SKIPPED COUNT
        callbacks URL STATES CONNECTIONS PAUSE
        compare MEASURED NAME... | report MEASURED FOLDER FACTS
        """);
    return 2;
}
