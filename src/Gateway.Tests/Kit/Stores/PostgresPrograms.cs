using System.Diagnostics;
using System.Globalization;

namespace FathomGateway.Tests.Kit;

/// <summary>Finds PostgreSQL's programs and runs them as a user that PostgreSQL accepts: it refuses to serve as root.</summary>
internal static class PostgresPrograms
{
    private static readonly Lazy<string?> Account = new(FindAccount);

    public static string Find(string name) => Programs.Find(name, "apt-get install postgresql", InNewestVersion(name));

    /// <summary>
    /// The command for a server program, wrapped in setpriv when we are root. setpriv becomes the program, so the process id is its own.
    /// </summary>
    public static ProcessStartInfo Command(string name, params IEnumerable<string> arguments) =>
        Account.Value is not { } account
            ? new ProcessStartInfo(Find(name), arguments) { WorkingDirectory = Path.GetTempPath() }
            : new ProcessStartInfo(
                Programs.Find("setpriv", "apt-get install util-linux"),
                [$"--reuid={account}", $"--regid={GroupOf(account)}", "--clear-groups", "--", Find(name), .. arguments])
            {
                WorkingDirectory = Path.GetTempPath(),
            };

    /// <summary>Hands a folder to the account the server runs as.</summary>
    public static async Task GiveAsync(string folder)
    {
        if (Account.Value is { } account)
        {
            await ChildProcess.RunAsync("chown", account, folder);
        }
    }

    // Debian keeps the server programs of each major version in a folder of its own, off PATH.
    private static IEnumerable<string> InNewestVersion(string name) =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql")
                .OrderByDescending(
                    folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var v) ? v : 0)
                .Select(folder => Path.Combine(folder, "bin", name))
            : [];

    private static string? FindAccount() =>
        !Environment.IsPrivilegedProcess ? null : Users().FirstOrDefault(user => user[0] == "postgres")?[0] ?? "nobody";

    private static string GroupOf(string account) => Users().First(user => user[0] == account)[3];

    // passwd(5): name:password:uid:gid:…
    private static IEnumerable<string[]> Users() =>
        File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3);
}
