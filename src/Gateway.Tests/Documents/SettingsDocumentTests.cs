using System.Text.RegularExpressions;
using FathomGateway.Settings;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Conventions;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>docs/settings.md has every variable that is read, and no other.</summary>
public sealed partial class SettingsDocumentTests
{
    private const int MaxReadmeLines = 130;

    private static readonly string[] Documented = [.. Rows().Matches(new Document("docs/settings.md").Text)
        .SelectMany(row => Name().Matches(row.Value))
        .Select(name => name.Groups[1].Value)
        .Distinct()];

    private static readonly string Code =
        string.Concat(Directory.EnumerateFiles(Repository.Gateway, "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

    [Fact]
    public async Task Each_setting_that_a_gateway_asks_for_is_documented()
    {
        await using var stage = await Stage.StartAsync();
        var asked = stage.Gateway.Services.GetRequiredService<SettingsReader>().ReadNames;

        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(Documented));
    }

    /// <summary>Some are asked for under conditions only, so that no one gateway asks for all.</summary>
    [Fact]
    public void Each_setting_that_the_code_names_is_documented() =>
        Assert.Empty(Literal().Matches(Code).Select(match => match.Groups[1].Value).Except(Documented));

    [Fact]
    public void Each_documented_setting_is_one_that_the_code_reads() =>
        Assert.All(Documented, name => Assert.Contains($"\"{name}\"", Code, StringComparison.Ordinal));

    [Fact]
    public void Each_setting_that_the_README_names_is_documented() =>
        Assert.Empty(Rows().Matches(new Document("README.md").Text)
            .SelectMany(row => Name().Matches(row.Value))
            .Select(name => name.Groups[1].Value)
            .Except(Documented));

    [Fact]
    public void The_README_is_short() => Assert.InRange(new Document("README.md").Text.TrimEnd().Split('\n').Length, 1, MaxReadmeLines);

    [GeneratedRegex("^\\| `[A-Z][^|]*\\|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`([A-Z][A-Z0-9_]+)`")]
    private static partial Regex Name();

    [GeneratedRegex("\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\"")]
    private static partial Regex Literal();
}
