namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>What the comparison of one case came to.</summary>
/// <param name="Permitted">Ids of the permitted differences that were found.</param>
/// <param name="Remaining">Lines that differ beyond them; none where the case is identical.</param>
internal sealed record Verdict(Case Case, IReadOnlyList<string> Permitted, IReadOnlyList<string> Remaining)
{
    public bool Identical => Remaining.Count == 0;

    public static Verdict Of(Case one, Seen straight, Seen through)
    {
        var comparison = new Comparison(one, straight, through);
        var permitted =
            PermittedDifferences.All.Where(difference => difference.Excuse(comparison)).Select(difference => difference.Id).ToArray();
        var (expected, actual) = (straight.Lines().ToArray(), through.Lines().ToArray());
        return new Verdict(
            one,
            permitted,
            expected.SequenceEqual(actual) ? [] : [.. expected.Except(actual)
                .Select(line => $"  straight: {line}"), .. actual.Except(expected).Select(line => $"  through : {line}")]);
    }

    /// <summary>Control characters and bytes over 0x7E as \xNN, so that the difference can be seen.</summary>
    public override string ToString()
    {
        return string.Join('\n', [Visible($"{Case.Name}:"), .. Remaining.Select(Visible)]);

        static string Visible(string line) => string.Concat(line.Select(c => c is >= ' ' and <= '~' ? $"{c}" : $"\\x{(int)c:x2}"));
    }
}

/// <summary>
/// A case and what was seen both ways. A permitted difference changes <paramref name="Straight"/> into what the gateway may make of it.
/// </summary>
internal sealed record Comparison(Case Case, Seen Straight, Seen Through);
