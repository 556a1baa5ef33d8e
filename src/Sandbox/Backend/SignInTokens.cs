using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Sandbox.Backend;

/// <summary>The backend's own JWTs (RFC 7519): HS256 with a secret that the gateway shares, as Node's jsonwebtoken makes them.</summary>
internal sealed class SignInTokens(string secret, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private const string Scheme = "Bearer ";

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, SetDefaultTimesOnTokenCreation = false };
    private readonly SymmetricSecurityKey _key = new(Encoding.UTF8.GetBytes(secret));

    /// <summary>A token for a person, with <c>sub</c>, <c>name</c>, <c>iat</c> and an <c>exp</c> one hour ahead.</summary>
    public string Issue(Person person)
    {
        var now = clock.GetUtcNow();
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Claims = new Dictionary<string, object> { ["sub"] = person.Id, ["name"] = person.Name },
            IssuedAt = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>The person whom an <c>Authorization</c> header names, or null.</summary>
    public async Task<Person?> AuthenticateAsync(string authorization)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var result = await _handler.ValidateTokenAsync(authorization[Scheme.Length..].Trim(), new TokenValidationParameters
        {
            IssuerSigningKey = _key,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidateIssuer = false,
            ValidateAudience = false,
            LifetimeValidator = (_, expires, _, _) => expires > clock.GetUtcNow().UtcDateTime,
        });
        return result.IsValid ? Person.Find(result.Claims["sub"] as string) : null;
    }
}
