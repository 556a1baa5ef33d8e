using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FathomGateway.Bench;

/// <summary>JWTs of many users, one a line: the gateway limits how often one user may begin to connect.</summary>
internal static class UserTokens
{
    private const string Header = """{"alg":"HS256","typ":"JWT"}""";

    public static int Write(string secret, int count)
    {
        var key = Encoding.UTF8.GetBytes(secret);
        var issued = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Header));
        using var output = new StreamWriter(Console.OpenStandardOutput());
        for (var user = 0; user < count; user++)
        {
            // The length of a MongoDB object id, which is what most of these ids are.
            var claims = $$"""{"sub":"{{user:x24}}","iat":{{issued}},"exp":{{issued + 3600}}}""";
            var signed = $"{header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
            output.Write($"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)))}\n");
        }

        return 0;
    }
}
