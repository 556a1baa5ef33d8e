using System.Globalization;
using System.Text;

namespace FathomGateway.Cli.Output;

/// <summary>
/// The columns that a text takes on a terminal: two for a wide character (Unicode Standard Annex 11), none for a combining or invisible
/// one, else one.
/// </summary>
internal static class DisplayWidth
{
    /// <summary>The blocks whose characters are wide, apart from few. .NET does not have the property itself.</summary>
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), // Hangul, leading consonants
        (0x2E80, 0x303E), // Radicals, punctuation of Chinese, Japanese and Korean
        (0x3041, 0xA4CF), // Kana, Bopomofo, ideographs, Yi
        (0xA960, 0xA97F), // Hangul, extended leading consonants
        (0xAC00, 0xD7A3), // Hangul syllables
        (0xF900, 0xFAFF), // Compatibility ideographs
        (0xFE30, 0xFE6F), // Compatibility forms
        (0xFF01, 0xFF60), // Fullwidth forms
        (0xFFE0, 0xFFE6), // Fullwidth signs
        (0x1F300, 0x1F64F), // Pictographs, emoticons
        (0x1F900, 0x1F9FF), // Supplemental pictographs
        (0x20000, 0x3FFFD), // Ideographic planes
    ];

    public static int Of(string text) => text.EnumerateRunes().Sum(Columns);

    private static int Columns(Rune rune)
    {
        if (rune.IsAscii) return 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
        {
            return 0;
        }

        return Array.Exists(Wide, block => block.First <= rune.Value && rune.Value <= block.Last) ? 2 : 1;
    }
}
