using FathomGateway.Bench;

// What the shell scripts cannot do by themselves. Each command prints figures for them to read.
return args switch
{
    ["backend", var port] => await StreamBackend.RunAsync(int.Parse(port, null)),
    ["sockets", var port, var count] => await IdleSockets.RunAsync(int.Parse(port, null), int.Parse(count, null)),
    ["start", var port, .. var command] => await FirstAnswer.RunAsync(int.Parse(port, null), command),
    ["jwts", var secret, var count] => UserTokens.Write(secret, int.Parse(count, null)),
    ["connections", var key, var count] => ConnectionRows.Write(key, int.Parse(count, null)),
    ["report", var measured, var folder, var facts] => Report.Write(measured, folder, facts),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("backend PORT | sockets PORT COUNT | start PORT COMMAND... | jwts SECRET COUNT | connections KEY COUNT | report MEASURED FOLDER FACTS");
    return 2;
}
