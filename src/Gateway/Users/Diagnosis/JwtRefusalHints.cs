using System.Text.Json;
using FathomGateway.Users.Claims;
using FathomGateway.Users.SigningKeys;
using FathomGateway.Users.Sources;

namespace FathomGateway.Users.Diagnosis;

/// <summary>Explains a refusal and its remedy to the operator in one sentence, without any value of the JWT.</summary>
internal sealed class JwtRefusalHints(JwtOptions options)
{
    private string Sources => string.Join(",", options.Sources);

    private string Credentials => options.Sources.Any(source => source.Place == JwtPlace.Cookie)
        ? "; of another origin, a page sends cookies where it asks with credentials: \"include\""
        : "";

    /// <summary>The label of a refusal in metrics, logs and JSON, such as <c>no_user_id</c>.</summary>
    public static string Code(JwtRefusal refusal) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(refusal.ToString());

    /// <param name="detail">The detail of the verification result.</param>
    public string Of(JwtRefusal refusal, string? detail) => refusal switch
    {
        JwtRefusal.Absent => $"there is none where {JwtSource.SourceName} says ({Sources}){Credentials}",
        JwtRefusal.Elsewhere =>
            $"there is none where {JwtSource.SourceName} says ({Sources}), and what looks like one in {detail}; " +
            $"if that is the user's, set {JwtSource.SourceName}={detail}",
        JwtRefusal.ForeignOrigin =>
            "it is in a cookie, and the page that asked is of no origin that FRONTEND_URL or CORS_ORIGINS names",
        JwtRefusal.Malformed =>
            "it is not one JWT, which has three parts with dots between and no quotation marks around it; " +
            "a session id, or a cookie that is signed or encrypted, is none",
        JwtRefusal.Algorithm => Algorithm(detail),
        JwtRefusal.Signature =>
            $"no key of {options.KeyNames} made the signature; compare it with the backend's" +
            (options.Secret is null ? "" : ", to the letter"),
        JwtRefusal.Expired =>
            "exp is past; the user signs in again, and if all users are affected, compare this machine's clock with the backend's",
        JwtRefusal.NotYetValid => "nbf is yet to come; compare this machine's clock with the backend's",
        JwtRefusal.NoExpiry =>
            $"it has no exp that can be read; have the backend sign with an expiry, or set {JwtOptions.AllowNoExpiryName}=true",
        JwtRefusal.LivesTooLong => $"it ends later than {JwtOptions.MaxLifetimeName} allows; exp counts seconds, not milliseconds",
        JwtRefusal.Issuer when options.Issuer is null =>
            $"iss is not what the discovery document of {JwtOptions.AuthorityName} says; " +
            $"correct that, or name the issuer in {JwtOptions.IssuerName}",
        JwtRefusal.Issuer => $"iss is not {JwtOptions.IssuerName}, to the letter: a slash at the end counts",
        JwtRefusal.Audience =>
            $"aud is not {JwtOptions.AudienceName}; of tokens without one (Cognito's access tokens), leave it unset and " +
            $"check another claim: {RequiredClaim.ClaimsName}=client_id=<id>",
        JwtRefusal.Type => $"the header's typ is not one of {JwtOptions.TypesName}",
        JwtRefusal.RequiredClaims =>
            $"it lacks a claim of {RequiredClaim.ClaimsName}, or has another value there: is it the access token?",
        JwtRefusal.CriticalHeader => "its header lists extensions as critical (crit), and none is known here",
        JwtRefusal.NoUserId =>
            $"no claim of {JwtOptions.UserIdClaimName} ({string.Join(",", options.UserIdClaims)}) is a text or a whole number; " +
            $"claims seen: {detail}; name the one that holds the user's id",
        _ => $"{UserVerification.UrlName} rejects this user",
    };

    private string Algorithm(string? name) => name switch
    {
        "EdDSA" or "Ed25519" => $"{name}: {JwksDiagnosis.Ed25519Remedy}",
        _ when JwtAlgorithms.Hmac.Contains(name) => $"{name} is verified with a shared secret: set {JwtSecret.SecretName} as well",
        _ when options.KeysUrl is null && JwtAlgorithms.FamilyOf(name).Count > 0 =>
            $"{name} is verified with a public key of its kind: set {JwtOptions.AuthorityName}, {JwtOptions.JwksUrlName} or " +
            $"{JwtOptions.PublicKeyName}, beside {options.KeyNames} if that is still in use",
        "none" => "it is not signed",
        _ when JwtAlgorithms.Encryption.Contains(name) =>
            "it is encrypted, and only its issuer can read it; Auth0 gives such tokens to apps that ask for no audience, and " +
            "NextAuth keeps its session in one",
        _ => $"its algorithm is {name}, which is not verified here; have the issuer sign with ES256, RS256 or HS256",
    };
}
