using System.Globalization;
using FathomGateway.Tokens;

namespace FathomGateway.Internal;

/// <summary>The query parameters <c>after</c> and <c>limit</c> of a list.</summary>
/// <param name="After">The <c>next</c> of the previous page; null for the first page.</param>
internal readonly record struct Paging(string? After, int Limit)
{
    private const string AfterName = "after", LimitName = "limit";
    private const int DefaultLimit = 100;

    /// <returns>Null where a parameter is invalid.</returns>
    public static Paging? Read(IQueryCollection query)
    {
        var (after, limit) = (query[AfterName], query[LimitName]);
        // PostgreSQL refuses U+0000 in a text, so no user id has it.
        if (after.Count > 1 || limit.Count > 1 || after.ToString().Contains('\0', StringComparison.Ordinal)) return null;
        if (limit.Count == 0) return new Paging(Filled(after), DefaultLimit);
        // A number of any length is a number: one that is too large is taken for the maximum.
        if (limit[0] is not { Length: > 0 } digits || !digits.All(char.IsAsciiDigit)) return null;
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) count = ConnectionList.MaxPageSize;
        return count == 0 ? null : new Paging(Filled(after), Math.Min(count, ConnectionList.MaxPageSize));
    }

    public static Task RefuseAsync(HttpContext context) => InternalProblem.BadRequestAsync(
        context,
        $"{LimitName} is a whole number from 1 to {ConnectionList.MaxPageSize}, {AfterName} what the page before gave as next: each once.");

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
