namespace FathomGateway.Settings.Warnings;

/// <summary>
/// The number of spelling errors between two words: additional, missing, wrong or transposed letters (optimal string alignment distance).
/// </summary>
internal static class EditDistance
{
    public static int Between(string one, string other)
    {
        var distance = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++) distance[i, 0] = i;
        for (var j = 0; j <= other.Length; j++) distance[0, j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            for (var j = 1; j <= other.Length; j++)
            {
                var wrong = one[i - 1] == other[j - 1] ? 0 : 1;
                distance[i, j] = Math.Min(Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1, distance[i - 1, j - 1] + wrong);
                var haveChangedPlaces = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                if (haveChangedPlaces) distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
            }
        }

        return distance[one.Length, other.Length];
    }
}
