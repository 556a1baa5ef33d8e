using System.Text;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Users;

/// <summary>Tokens of any content under the right secret.</summary>
internal static class Signed
{
    private const string End = "\"exp\":4102444800";

    /// <summary>Exactly this payload, be it JSON or not.</summary>
    public static string Exactly(string payload) =>
        Jwt.Hmac("""{"alg":"HS256","typ":"JWT"}""", payload, Encoding.UTF8.GetBytes(TestSettings.JwtSecret));

    /// <summary>These claims, written as JSON members, in a token that is otherwise valid.</summary>
    public static string With(string claims) => Exactly($"{{{claims}{(claims == "" ? "" : ",")}{End}}}");
}
