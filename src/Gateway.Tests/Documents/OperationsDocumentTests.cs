using System.Text.RegularExpressions;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>What docs/operations.md shows of the commands' outputs, and its SQL, held against the real ones.</summary>
[Trait("Speed", "Slow")]
public sealed partial class OperationsDocumentTests(RealStores stores)
{
    private static readonly Document Page = new("docs/operations.md");

    [Fact]
    public async Task The_documented_re_encryption_prints_its_summary_and_the_SQL_finds_the_rows_left()
    {
        var url = await stores.NewDatabaseAsync();
        await ConnectAsync(url, TestSettings.NewKey("k1"), "ann", "bob");
        var old = TestSettings.NewKey("k2");
        await ConnectAsync(url, old, "cleo");

        var (exitCode, output, _) = await GatewayProcess.RunAsync(
            ["keys", "reencrypt"],
            new Dictionary<string, string?> { ["DATABASE_URL"] = url, ["TOKEN_ENCRYPTION_KEYS"] = $"{TestSettings.NewKey("k3")},{old}" });

        Assert.Equal(1, exitCode);
        Assert.Equal(WithoutFigures(Page.Blocks("").Single().Content), WithoutFigures(output));
        Assert.Equal(2L, await PostgresTestDatabase.QueryAsync(
            url, $"SELECT count(*) FROM ({Page.Blocks("sql").Single().Content.Trim().TrimEnd(';')}) AS found"));
    }

    [Fact]
    public async Task The_doctor_prints_what_the_operations_page_shows()
    {
        using var provider = ScriptedProvider.Start();
        provider.Answers(TokenReply.Refusal("invalid_grant"));
        await using var backend = RecordingBackend.Start();
        await using var redis = await RedisServer.StartAsync("--requirepass", "right");
        var settings = TestSettings.OnRealStores(
            $"redis://:wrong@127.0.0.1:{redis.Port}", await stores.NewDatabaseAsync(), ("BACKEND_URL", $"{backend.Address}"),
            ("FATHOM_CLIENT_SECRET", null), ("FATHOM_AUTHORIZE_URL", provider.AuthorizeUrl), ("FATHOM_TOKEN_URL", provider.TokenUrl));
        settings["FATHOM_CLIENT_SECRET_FILE"] = Path.Combine(TempFolder.Create("secrets"), "secret");
        await File.WriteAllTextAsync(settings["FATHOM_CLIENT_SECRET_FILE"]!, TestSettings.ClientSecret);

        var shown = Page.Blocks("text").Single().Content;
        var (exitCode, output, missing) = (0, "", Array.Empty<string>());
        // Where the machine is so busy that a part answers too late, the doctor rightly says so: then once more.
        for (var looks = 3; looks > 0; looks--)
        {
            (exitCode, output, _) = await GatewayProcess.RunAsync(["doctor"], settings);
            // Names, marks and origins; the values in between are the installation's own.
            missing = [.. Line().Matches(shown).Select(Key).Except(Line().Matches(output).Select(Key))];
            if (missing.Length == 0) break;
        }

        Assert.True(missing.Length == 0, $"Shown and not said: {string.Join(", ", missing)}\n{output}");
        Assert.Equal(1, exitCode);
        Assert.Matches(@"\n\d+ to fix, \d+ to look at\.\n?$", output);
        Assert.Matches(@"\n\d+ to fix, \d+ to look at\.\n$", shown);
    }

    private static string Key(Match line) =>
        Blanks().Replace($"{line.Groups["mark"].Value}{line.Groups["name"].Value} {line.Groups["origin"].Value}", " ").Trim();

    private static string WithoutFigures(string text) => Figures().Replace(text.Trim(), "#");

    private async Task ConnectAsync(string url, string key, params string[] users)
    {
        await using var stage =
            await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), url, ("TOKEN_ENCRYPTION_KEYS", key)));
        foreach (var user in users) await stage.LinkAsync(user);
    }

    // "  NAME  value  origin" of the settings, "  mark  subject  detail" of the checks.
    [GeneratedRegex(
        @"^  (?:(?<name>[A-Z][A-Z_]+) .* (?<origin>environment|file named by [A-Z_]+)|(?<mark>ok  |warn|FAIL)  (?<name>[a-z]+(?: "
            + @"[a-z]+)?) .*)$",
        RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(" +")]
    private static partial Regex Blanks();

    // Counts, and the ids of keys that `gateway keys new` makes up.
    [GeneratedRegex(@"\bk[0-9a-f]{8}\b|\bk?\d+\b")]
    private static partial Regex Figures();
}
