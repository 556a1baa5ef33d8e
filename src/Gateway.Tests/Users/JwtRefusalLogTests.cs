using FathomGateway.Settings;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using FathomGateway.Users;
using FathomGateway.Users.Diagnosis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Users;

/// <summary>For a 401 the log and the metrics show the reason, and no value of a JWT.</summary>
public sealed class JwtRefusalLogTests : IAsyncLifetime
{
    private const string Value = "canary-value";
    private Stage _stage = null!;

    public static TheoryData<string, string, string> Refused => new()
    {
        { "absent", "", "JWT_SOURCE says (bearer,cookie:session)" },
        { "absent", "Cookie: other=x", "JWT_SOURCE" },
        { "absent", "Authorization: Basic eyJhbGciOiJIUzI1NiJ9", "JWT_SOURCE" },
        { "elsewhere", $"X-Auth-Token: {Good()}", "set JWT_SOURCE=header:x-auth-token" },
        { "elsewhere", $"X-Access-Token: Bearer {Good()}", "set JWT_SOURCE=header:x-access-token" },
        { "elsewhere", $"Cookie: a=b; token={Good()}", "set JWT_SOURCE=cookie:token" },
        { "elsewhere", $"Authorization: {Good()}", "set JWT_SOURCE=header:authorization" },
        { "foreign_origin", $"Cookie: session={Good()}", "CORS_ORIGINS" },
        { "malformed", "Authorization: Bearer null", "three parts" },
        { "malformed", $"Authorization: Bearer \"{Good()}\"", "no quotation marks" },
        { "signature", Bearer(Jwt.For(Value, secret: new string('x', 40))),
            "no key of JWT_SECRET made the signature; compare it with the backend's, to the letter" },
        { "algorithm", Bearer(Jwt.For(Value, header: """{"alg":"RS256"}""")), "JWT_JWKS_URL" },
        { "algorithm", Bearer(Jwt.Unsigned(Value)), "not signed" },
        { "algorithm", Bearer($"{Jwt.For(Value, header: """{"alg":"dir","enc":"A256GCM"}""")}.AAAA.AAAA"), "it is encrypted" },
        { "algorithm", Bearer(Jwt.For(Value, header: $$"""{"alg":"{{Value}}"}""")), "an unknown one" },
        { "expired", Bearer(Jwt.For(Value, payload: """{"exp":1000000000}""")), "exp is past" },
        { "not_yet_valid", Bearer(Jwt.For(Value, payload: """{"nbf":4102444800,"exp":4102444900}""")), "clock" },
        { "no_expiry", Bearer(Jwt.For(Value, payload: """{"exp":null}""")), "JWT_ALLOW_NO_EXPIRY=true" },
        { "issuer", Bearer(Jwt.For(Value, payload: $$"""{"iss":"{{Value}}","aud":"a"}""")), "iss is not JWT_ISSUER" },
        { "audience", Bearer(Jwt.For(Value, payload: $$"""{"iss":"i","aud":"{{Value}}"}""")), "aud is not JWT_AUDIENCE" },
        { "audience", Bearer(Jwt.For(Value, payload: """{"iss":"i"}""")), "client_id" },
        { "type", Bearer(Jwt.For(Value, payload: Right, header: $$"""{"typ":"{{Value}}"}""")), "JWT_TYPES" },
        { "required_claims", Bearer(Jwt.For(Value, payload: """{"iss":"i","aud":"a"}""")), "JWT_REQUIRED_CLAIMS" },
        { "lives_too_long", Bearer(Jwt.For(Value, payload: """{"iss":"i","aud":"a","kind":"access","exp":4102444800}""")),
            "JWT_MAX_LIFETIME" },
        { "critical_header", Bearer(Jwt.For(Value, payload: Right, header: """{"crit":["x"],"x":1}""")), "crit" },
        { "no_user_id", Bearer(Jwt.For(Value, payload: NestedUser)), "claims seen: iat, exp, iss, aud, kind, user, user._id;" },
        { "no_user_id", Bearer(Jwt.For(Value,
            payload: $$"""{"sub":null,"iss":"i","aud":"a","kind":"access","https://x.test/\n{{Value[..3]}}":1}""")), "https://x.test/?" },
    };

    private const string NestedUser =
        $$$"""{"sub":null,"iss":"i","aud":"a","kind":"access","user":{"_id":"{{{Value}}}","name":"{{{Value}}}"}}""";

    private const string Right = """{"iss":"i","aud":"a","kind":"access"}""";

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Each_refusal_of_a_JWT_is_logged_with_a_word_and_a_remedy_and_no_value(string reason, string field, string remedy)
    {
        var answer = await RawClient.ExchangeAsync(_stage.Gateway.Public,
            $"GET /fathom/connect HTTP/1.1\r\nHost: h\r\n{(field.Length > 0 ? field + "\r\n" : "")}Connection: close\r\n\r\n");

        Assert.Equal(401, answer.Status);
        var line = Assert.Single(_stage.Gateway.Log.Lines, one => one.Contains("no valid JWT", StringComparison.Ordinal));
        Assert.Contains($"Reasons: {reason} 1: ", line, StringComparison.Ordinal);
        Assert.Contains(remedy, line, StringComparison.Ordinal);
        Assert.DoesNotContain(Value, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.StartsWith(reason is "absent" or "expired" ? "Information" : "Warning", line, StringComparison.Ordinal);
        Assert.Matches($"fathom_jwts_refused_total{{.*reason=\"{reason}\".*}} [1-9]",
            await _stage.Gateway.InternalClient.GetStringAsync("metrics"));
    }

    [Fact]
    public void Refusals_of_JWTs_are_counted_by_reason_in_one_log_line_a_minute()
    {
        var (clock, log) = (new FakeTimeProvider(), new CapturedLog());
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var refused = new JwtRefusalLog(JwtOptions.Read(new SettingsReader(TestSettings.Configuration(TestSettings.Embedded()))),
            NoMetrics.Instance, clock, logs.CreateLogger<JwtRefusalLog>());

        for (var i = 0; i < 5; i++) refused.Count(JwtRefusal.Signature, null);
        refused.Count(JwtRefusal.Expired, null);
        Assert.Contains("signature 1: ", Assert.Single(log.Lines), StringComparison.Ordinal);

        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(2, log.Lines.Count);
        Assert.Matches("signature 4: .* expired 1: ", log.Lines[1]);

        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, log.Lines.Count);
        refused.Count(JwtRefusal.Expired, null);
        Assert.Equal(3, log.Lines.Count);
    }

    public async ValueTask InitializeAsync() => _stage = await Stage.StartAsync(
        ("JWT_SOURCE", "bearer,cookie:session"), ("JWT_ISSUER", "i"), ("JWT_AUDIENCE", "a"), ("JWT_TYPES", "JWT"),
            ("JWT_REQUIRED_CLAIMS", "kind=access"), ("JWT_MAX_LIFETIME", "86400"));

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    private static string Good() => Jwt.For(Value);

    private static string Bearer(string jwt) => $"Authorization: Bearer {jwt}";
}
