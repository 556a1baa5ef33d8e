using System.Net;
using FathomGateway.Tests.Connect;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class UserIdClaimTests(Stage stage) : IClassFixture<Stage>
{
    public static TheoryData<string, string> Unusable => new()
    {
        { "no claim", "" },
        { "only claims of other names", """ "name":"ann","Sub":"u","USERID":"u","uid":"u" """ },
        { "empty", """ "sub":"" """ },
        { "blank", """ "sub":"  " """ },
        { "blank beyond ASCII", """ "sub":"\u00a0\u3000" """ },
        { "array", """ "sub":["u"] """ },
        { "array of two", """ "sub":["u","v"] """ },
        { "empty array", """ "sub":[] """ },
        { "object", """ "sub":{"id":"u"} """ },
        { "array in another claim", """ "userId":["u"] """ },
        { "object in another claim", """ "userId":{"id":"u"} """ },
        { "true", """ "userId":true """ },
        { "false", """ "sub":false """ },
        { "fraction", """ "userId":1.5 """ },
        { "more digits than are kept", """ "userId":12345678901234567890123 """ },
        { "one more than 64 bits hold", """ "sub":9223372036854775808 """ },
        { "the largest without a sign", """ "sub":18446744073709551615 """ },
        { "its neighbour, which parsers round to it", """ "sub":18446744073709551614 """ },
        { "less than 64 bits hold", """ "userId":-9223372036854775809 """ },
        { "whole in another spelling", """ "sub":1e2 """ },
        { "whole with a fraction", """ "sub":7.0 """ },
        { "line separator", """ "sub":"u\u2028v" """ },
        { "paragraph separator", """ "sub":"u\u2029" """ },
        { "right to left override", """ "sub":"u\u202ev" """ },
        { "left to right mark", """ "sub":"\u200eu" """ },
        { "isolate", """ "sub":"u\u2066v\u2069" """ },
        { "Arabic letter mark", """ "sub":"u\u061c" """ },
        { "null", """ "sub":null """ },
        { "NUL", """ "sub":"u\u0000" """ },
        { "line feed", """ "sub":"u\nv" """ },
        { "carriage return", """ "sub":"u\r\nX-Evil: 1" """ },
        { "tab", """ "sub":"\tu" """ },
        { "delete", """ "sub":"u\u007f" """ },
        { "C1 control", """ "sub":"u\u0085" """ },
        { "256 bytes", $""" "sub":"{new string('u', 256)}" """ },
        { "256 bytes in 128 letters", $""" "sub":"{new string('é', 128)}" """ },
        { "lone high surrogate", """ "sub":"u\ud800" """ },
        { "lone low surrogate", """ "sub":"\udc00u" """ },
        { "unusable first claim, usable second", """ "sub":"","userId":"u" """ },
        { "array first claim, usable second", """ "sub":["u"],"id":"u" """ },
    };

    public static TheoryData<string, string> Usable => new()
    {
        { """ "sub":"?" """, "?" },
        { """ "userId":42? """, "42?" },
        { """ "id":900719925? """, "900719925?" },
        { """ "sub":-92233720368? """, "-92233720368?" },
        { """ "sub":"?","userId":"b","user_id":"c","id":"d","_id":"e" """, "?" },
        { """ "_id":"e","id":"d","user_id":"c","userId":"?" """, "?" },
        { """ "_id":"e","id":"d","user_id":"?" """, "?" },
        { """ "_id":"e","id":"?" """, "?" },
        { """ "_id":"?" """, "?" },
        { """ "sub":"'; DROP TABLE connections; --?" """, "'; DROP TABLE connections; --?" },
        { """ "sub":"auth0|{\"a\":1}/../%2f?" """, "auth0|{\"a\":1}/../%2f?" },
        { """ "sub":"\ud83d\ude00?" """, "\ud83d\ude00?" },
        { $""" "sub":"?{new string('é', 120)}" """, $"?{new string('é', 120)}" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task A_JWT_that_names_no_usable_user_is_refused_T21(string what, string claims)
    {
        using var response = await stage.ConnectAsync(Signed.With(claims));

        Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, what);
        await Refusal.IsUnauthorizedAsync(response);
    }

    [Theory]
    [MemberData(nameof(Usable))]
    public async Task The_first_user_id_claim_that_is_present_names_the_user_T21(string claims, string user)
    {
        var unique = $"{Random.Shared.Next(1_000_000, 9_999_999)}";
        var begun =
            await AuthorizationUrl.ReadAsync(await stage.ConnectAsync(Signed.With(claims.Replace("?", unique, StringComparison.Ordinal))));

        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(begun["state"], Fresh.Code()));

        Assert.NotNull(await stage.ConnectionAsync(user.Replace("?", unique, StringComparison.Ordinal)));
    }
}
