using System.Text;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Fuzz;

/// <summary>Payloads of validly signed JWTs: the result is a user id or 401.</summary>
internal sealed class SignedPayloadTarget(Stage stage) : ITarget
{
    private readonly ErrorLogCheck _errorLog = new(stage.Gateway.Log);

    public IReadOnlyList<byte[]> Good { get; } =
    [
        .. new[]
        {
            """{"sub":"ann","exp":4102444800}""", """{"userId":42,"exp":4102444800,"iat":1}""",
            """{"sub":{"id":"x"},"exp":4102444800}""", """{"user_id":"é","exp":4102444800.5,"aud":["a"],"nbf":0}""",
            """{"_id":"ann","sub":"","exp":"4102444800","iss":"me","roles":[{"a":[1,2,null]}]}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public static async Task<ITarget> StartAsync() => new SignedPayloadTarget(await Stage.StartAsync());

    public async Task<string?> ObjectionAsync(byte[] input)
    {
        var token =
            Jwt.Hmac("""{"alg":"HS256","typ":"JWT"}""", Encoding.Latin1.GetString(input), Encoding.UTF8.GetBytes(TestSettings.JwtSecret));
        if (token.Length > 20_000) return null;
        using var answer = await stage.ConnectAsync(token);
        return (int)answer.StatusCode is 200 or 401 or 429 ? _errorLog.Objection() : $"answered {answer.StatusCode}";
    }

    public ValueTask DisposeAsync() => stage.DisposeAsync();
}
