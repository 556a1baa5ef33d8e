using System.Text.RegularExpressions;
using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>
/// Schema changes expand first and contract a release later: while a deploy rolls, and after it is rolled back, the release before works on
/// the schema of this one.
/// </summary>
public sealed partial class SchemaTests
{
    /// <summary>
    /// Scripts that take away what the release before no longer uses. Each is to be named here, with that release beside it.
    /// </summary>
    private static readonly HashSet<string> Contractions = [];

    public static TheoryData<string> Scripts() =>
        [.. Directory.EnumerateFiles(Folder, "*.sql", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path))];

    private static string Folder => Path.Combine(Repository.Gateway, "Tokens", "Schema");

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_schema_script_removes_nothing_that_the_previous_release_uses_F17(string script)
    {
        if (!Contractions.Contains(script)) Assert.Empty(Breaks(File.ReadAllText(Path.Combine(Folder, script))));
    }

    [Fact]
    public void Both_kinds_of_database_have_the_same_scripts_numbered_without_a_gap_F17()
    {
        var names = Scripts().Select(row => row.Data).ToLookup(path => Path.GetDirectoryName(path)!, path => Path.GetFileName(path)!);
        Assert.Equal(["Postgres", "Sqlite"], names.Select(kind => kind.Key).Order());
        Assert.Equal(names["Postgres"].Order(), names["Sqlite"].Order());
        Assert.Equal(
            Enumerable.Range(1, names["Sqlite"].Count()).Select(number => $"{number:0000}"),
            names["Sqlite"].Order().Select(name => name[..4]));
    }

    [Theory]
    [InlineData("ALTER TABLE t DROP COLUMN a")]
    [InlineData("DROP TABLE t")]
    [InlineData("alter table t rename column a to b")]
    [InlineData("ALTER TABLE t ALTER COLUMN a TYPE bigint")]
    [InlineData("ALTER TABLE t ALTER a SET NOT NULL")]
    [InlineData("ALTER TABLE t ADD COLUMN a text NOT NULL")]
    [InlineData("ALTER TABLE t ADD a text NOT NULL")]
    [InlineData("ALTER TABLE t ADD COLUMN b text DEFAULT '', ADD COLUMN a text NOT NULL")]
    [InlineData("ALTER TABLE t ADD COLUMN a text NOT NULL, ALTER COLUMN b SET DEFAULT ''")]
    [InlineData("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)")]
    [InlineData("CREATE UNIQUE INDEX i ON t (a)")]
    [InlineData("DELETE FROM t")]
    public void A_statement_that_would_break_the_previous_release_is_refused_F17(string statement) =>
        Assert.NotEmpty(Breaks($"CREATE TABLE x (a integer NOT NULL);\n{statement};"));

    [Theory]
    [InlineData("CREATE TABLE t (a text NOT NULL)")]
    [InlineData("ALTER TABLE t ADD COLUMN a text, ADD COLUMN b text NOT NULL DEFAULT ''")]
    [InlineData("CREATE INDEX i ON t (a)")]
    [InlineData("-- DROP TABLE t;\nUPDATE t SET a = b")]
    public void A_statement_that_only_adds_is_allowed_F17(string statement) => Assert.Empty(Breaks($"{statement};"));

    private static string[] Breaks(string sql) =>
        [.. Comment().Replace(sql, "")
            .Split(';')
            .SelectMany(statement => Clause().Split(statement))
            .Where(clause => Taking().IsMatch(clause) || Demanding().IsMatch(clause))];

    [GeneratedRegex("--.*")]
    private static partial Regex Comment();

    /// <summary>Before each further clause of an ALTER TABLE.</summary>
    [GeneratedRegex(@",\s*(?=(?:ADD|ALTER)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Clause();

    [GeneratedRegex(
        @"\b(DROP|RENAME|TRUNCATE|DELETE|SET\s+NOT\s+NULL|ADD\s+(CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN)|UNIQUE\s+INDEX)\b|"
            + @"\bALTER\b.*\bTYPE\b",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Taking();

    /// <summary>A column that those who do not know it would have to fill.</summary>
    [GeneratedRegex(@"\bADD\b(?!.*\bDEFAULT\b).*\bNOT\s+NULL\b", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Demanding();
}
