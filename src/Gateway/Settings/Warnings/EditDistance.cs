namespace FathomGateway.Settings.Warnings;

/// <summary>
/// The number of spelling errors between two words: additional, missing, wrong or transposed letters (optimal string alignment distance).
/// </summary>
internal static class EditDistance
{
    public static int Between(string one, string other)
    {
        // Distances of the beginnings of both: a row for each letter of the first, of which the last three are needed.
        int[] beforeLast = [], last = [.. Enumerable.Range(0, other.Length + 1)];
        for (var i = 1; i <= one.Length; i++)
        {
            var row = new int[other.Length + 1];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var wrong = one[i - 1] == other[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + wrong);
                var haveChangedPlaces = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                if (haveChangedPlaces) row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last) = (last, row);
        }

        return last[other.Length];
    }
}
