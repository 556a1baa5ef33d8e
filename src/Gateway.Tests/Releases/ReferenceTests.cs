using FathomGateway.Tests.Deploy;
using Xunit;

namespace FathomGateway.Tests.Releases;

/// <summary>Every file that names an image of a release names the same release, and one command changes all of them.</summary>
public sealed class ReferenceTests
{
    private static readonly string Registry =
        Path.GetDirectoryName(Yaml.Load("deploy/kubernetes/kustomization.yaml").Text("images/0/newName"))!;

    private readonly ReleaseCopy _copy = new();

    [Fact]
    public async Task Each_image_is_that_of_the_version_that_is_built()
    {
        var version = ReleaseCopy.Version;
        var references = (await SaidAsync("references")).Split('\n');

        Assert.All(references, reference => Assert.Matches($"^{Registry}/fathom-(gateway|gateway-native|sandbox):{version}$", reference));
        Assert.Contains($"{Registry}/fathom-gateway:{version}", references);
        Assert.Equal($"{Registry}/fathom-gateway:{version}", Yaml.Load("docker-compose.yml").Text("services/gateway/image"));
        Assert.Equal($"{Registry}/fathom-sandbox:{version}", Yaml.Load("docker-compose.yml").Text("services/sandbox/image"));
        Assert.Contains($"#     url: {Registry}/fathom-gateway:{version}\n", Installed.Read("render.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_images_of_a_release_are_the_stages_of_the_Dockerfile_and_the_page_on_installing_names_them()
    {
        var stages = (await SaidAsync("image_stages")).Split('\n');

        Assert.Equal(["gateway", "gateway-native", "sandbox"], stages.Order(StringComparer.Ordinal));
        var page = Installed.Read("docs", "install.md");
        Assert.All(stages, stage => Assert.Contains($"| `{Registry}/fathom-{stage}:", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_release_is_refused_whose_tag_date_or_registry_is_another()
    {
        await WriteAsync("CHANGELOG.md", $"# Changelog\n\n## {ReleaseCopy.Version}, unreleased\n\n* **Something.**\n");

        var (exitCode, said) = await _copy.RunAsync("deploy/release/check.sh v9.9.9 ghcr.io/somebody");

        Assert.Equal(1, exitCode);
        Assert.Contains("The tag is v9.9.9", said, StringComparison.Ordinal);
        Assert.Contains("CHANGELOG.md has no section", said, StringComparison.Ordinal);
        Assert.Contains($"{Registry}/fathom-gateway:{ReleaseCopy.Version} is named", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prepared_release_passes_the_release_check()
    {
        var (prepared, said) = await _copy.RunAsync("deploy/release/prepare.sh 12.3.45 ghcr.io/Some-Body");
        Assert.True(prepared == 0, said);

        (var ready, said) = await _copy.RunAsync("deploy/release/check.sh v12.3.45 ghcr.io/Some-Body");

        Assert.True(ready == 0, said);
        Assert.Equal("12.3.45", await SaidAsync("echo $version"));
        var install = await ReadAsync("docs/install.md");
        Assert.Contains("\nversion=12.3.45\n", install, StringComparison.Ordinal);
        Assert.DoesNotContain(ReleaseCopy.Version, install, StringComparison.Ordinal);
        Assert.All(
            (string[])[install, await ReadAsync("README.md")],
            page => Assert.DoesNotContain("No release", page, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_page_of_a_release_has_the_section_of_the_change_log_and_all_files_with_their_checksums()
    {
        string[] offered = ["a.tar.gz", "b.tar.gz", "c.cdx.json", "images.txt"];
        foreach (var file in offered.Append("digest")) await WriteAsync($"dist/{file}", file);
        await WriteAsync("programs/gh", "#!/bin/sh\necho gh \"$@\"\n");

        var (exitCode, said) = await _copy.RunAsync(
            "chmod +x programs/gh; DIST=$PWD/dist deploy/release/page.sh v1.2.3; cd dist; sha256sum --check SHA256SUMS",
            _copy.At("programs"));

        Assert.True(exitCode == 0, said);
        var created = $"gh release create v1.2.3 --verify-tag --title {ReleaseCopy.Version} --notes-file notes.md --";
        Assert.Contains($"{created} {string.Join(' ', offered)} SHA256SUMS", said, StringComparison.Ordinal);
        Assert.All(offered, file => Assert.Contains($"{file}: OK", said, StringComparison.Ordinal));
        var notes = await ReadAsync("dist/notes.md");
        var section = Installed.Read("CHANGELOG.md").Split("\n## ")[1].Split('\n', 2)[1];
        Assert.StartsWith(notes.TrimEnd(), section.TrimStart('\n'), StringComparison.Ordinal);
        Assert.NotEmpty(notes);
    }

    private Task<string> ReadAsync(string file) => File.ReadAllTextAsync(_copy.At(file), TestContext.Current.CancellationToken);

    private Task WriteAsync(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_copy.At(file))!);
        return File.WriteAllTextAsync(_copy.At(file), text, TestContext.Current.CancellationToken);
    }

    private async Task<string> SaidAsync(string command)
    {
        var (exitCode, said) = await _copy.RunAsync($". deploy/release/lib.sh; {command}");
        Assert.True(exitCode == 0, said);
        return said;
    }
}
