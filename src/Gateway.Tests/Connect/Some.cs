using System.Text;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Connect;

/// <summary>Values that no other test uses, and tokens of any content.</summary>
internal static class Some
{
    private const string End = "\"exp\":4102444800";

    public static string User() => $"user-{Guid.NewGuid():n}";

    public static string Code() => $"code-{Guid.NewGuid():n}";

    /// <summary>Exactly this payload, well signed.</summary>
    public static string Token(string payload) => Jwt.Hmac("""{"alg":"HS256","typ":"JWT"}""", payload, Encoding.UTF8.GetBytes(TestSettings.JwtSecret));

    /// <summary>These claims, written as JSON members, in a token that is otherwise valid.</summary>
    public static string TokenWith(string claims) => Token($"{{{claims}{(claims == "" ? "" : ",")}{End}}}");
}
