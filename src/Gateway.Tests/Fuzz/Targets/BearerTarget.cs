using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Tests.Kit;
using Stage = FathomGateway.Tests.Connect.Stage;

namespace FathomGateway.Tests.Fuzz;

/// <summary>The bearer token of <c>/fathom/connect</c>: signed with the secret, or 401.</summary>
internal sealed class BearerTarget(Stage stage) : ITarget
{
    private readonly ErrorLogCheck _errorLog = new(stage.Gateway.Log);

    public IReadOnlyList<byte[]> Good { get; } =
    [
        .. new[]
        {
            Jwt.For("ann"), Jwt.For("ben", payload: """{"aud":["a","b"],"nbf":0,"sub":null,"userId":"ben"}"""), Jwt.Unsigned("ann"),
            Jwt.For("ann", secret: new string('x', 40)),
            Jwt.For("ann", payload: """{"exp":1}"""), Jwt.For("ann", header: """{"kid":"../../dev/null","crit":["x"]}"""),
            Jwt.For("ann", header: """{"alg":"HS512"}"""), "a.b.c.d.e",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public static async Task<ITarget> StartAsync() => new BearerTarget(await Stage.StartAsync());

    public async Task<string?> ObjectionAsync(byte[] input)
    {
        var answer = await Wire.AskAsync(
            stage.Gateway.Public,
            [.. "GET /fathom/connect HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer "u8, .. input, .. "\r\n\r\n"u8]);
        if (answer is { Status: 200 or 429 } && !IsGenuine(Encoding.Latin1.GetString(input)))
            return $"answered {answer.Status} to a forged token";
        if (answer is { Status: not (200 or 401 or 429 or 400 or 408 or 413 or 414 or 431) }) return $"answered {answer.Status}";
        return _errorLog.Objection();
    }

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    /// <summary>Signed with the secret, by the bytes of the signature: other spellings of them are no forgery.</summary>
    private static bool IsGenuine(string text)
    {
        var end = text.IndexOfAny(['\r', '\n']);
        if ((end < 0 ? text : text[..end]).Trim().Split('.') is not [var header, var payload, var signature]) return false;
        try
        {
            var (secret, signed) = (Encoding.UTF8.GetBytes(TestSettings.JwtSecret), Encoding.Latin1.GetBytes($"{header}.{payload}"));
            var given = Base64Url.DecodeFromChars(signature);
            // By its length: HS256, HS384 or HS512.
            byte[] expected = given.Length switch
            {
                HMACSHA256.HashSizeInBytes => HMACSHA256.HashData(secret, signed),
                HMACSHA384.HashSizeInBytes => HMACSHA384.HashData(secret, signed),
                _ => HMACSHA512.HashData(secret, signed),
            };
            return given.AsSpan().SequenceEqual(expected);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
