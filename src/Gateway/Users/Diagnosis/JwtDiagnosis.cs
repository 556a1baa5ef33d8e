using System.Globalization;
using FathomGateway.Settings;
using FathomGateway.Users.SigningKeys;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FathomGateway.Users.Diagnosis;

/// <summary>Explains the verification of one JWT to an operator, in more detail than a client gets.</summary>
internal sealed class JwtDiagnosis(
    JwtOptions options, JwtVerification jwts, UserVerification backend, SimilarSecret nearby, TimeProvider time)
{
    private const string Unknown = "unknown";

    private readonly JwtRefusalHints _remedies = new(options);

    /// <param name="input">The JWT, or a field or cookie that holds it. Surrounding whitespace does not count.</param>
    public async Task<JwtFinding> ExamineAsync(string input)
    {
        var found = options.Sources[0].With(input.Trim());
        if (found.Jwt.Length == 0)
        {
            return new JwtFinding(null, null, JwtRefusalHints.Code(JwtRefusal.Absent), "Standard input holds no JWT.");
        }

        try
        {
            var verdict = await jwts.VerifyAsync(found.Jwt, CancellationToken.None);
            if (verdict.Refusal is { } refusal) return Refused(verdict, refusal);
            return await backend.IsActiveAsync(found, CancellationToken.None) ? Accepted(verdict) : Refused(verdict, JwtRefusal.Unwelcome);
        }
        catch (KeysUnavailableException failure)
        {
            var kind = failure.Kind ?? "cannot be fetched";
            return new JwtFinding(null, null, Unknown, $"{options.KeysUrl?.Shown()} {kind}: correct it, or the way there.");
        }
        catch (UserVerificationUnavailableException failure)
        {
            var said = $"It is valid, and {UserVerification.UrlName} does not answer whether it accepts the user: {failure.Message}";
            return new JwtFinding(null, null, Unknown, said);
        }
    }

    private JwtFinding Accepted(JwtVerificationResult verdict)
    {
        var token = verdict.Token!;
        var left = Math.Max(0, (token.ValidTo - time.GetUtcNow().UtcDateTime).TotalMinutes);
        var end = token.ValidTo == DateTime.MinValue ? "has no end" : string.Create(CultureInfo.InvariantCulture, $"ends in {left:0} min");
        var places = string.Join(", or else in ", options.Sources);
        var said = $"as user {verdict.UserId}; signed by {token.Alg}, {end}. Requests have it in {places}.";
        return new JwtFinding(verdict.UserId.Value, token.Alg, null, said);
    }

    private JwtFinding Refused(JwtVerificationResult verdict, JwtRefusal refusal)
    {
        var said = _remedies.Of(refusal, verdict.Detail);
        var more = refusal == JwtRefusal.Signature ? nearby.Find(verdict.Token!) : null;
        return new JwtFinding(null, Algorithm(verdict.Token), JwtRefusalHints.Code(refusal), $"{said}.{(more is null ? "" : $" {more}")}");
    }

    private static string? Algorithm(JsonWebToken? token) => token is null ? null : JwtAlgorithms.Shown(JwtVerification.Algorithm(token));
}
