using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Fathom.Doctor;

/// <summary>
/// Diagnoses the settings by a token endpoint's answer to a made-up code. A provider checks the client before the code, so correct settings
/// are answered with <c>invalid_grant</c> (RFC 6749, section 5.2).
/// </summary>
/// <remarks>A finding continues "{the endpoint} …" and names the remedy. It holds no text of the provider.</remarks>
internal static class TokenEndpointDiagnosis
{
    private const string TokenUrlName = FathomSettings.TokenUrlName;
    private const string Client = "FATHOM_CLIENT_ID and FATHOM_CLIENT_SECRET";
    private const string WrongEndpoint = $"correct {TokenUrlName}; the provider's documentation has the path of its token endpoint.";

    public static (HealthStatus Status, string Finding) Of(FormResult result, FathomOptions options) => result switch
    {
        FormResult.NotSent { Reason: nameof(HttpRequestError.SecureConnectionError) } => Fails(
            "cannot be reached (SecureConnectionError): its certificate is not valid for that name, or of an authority that this machine "
            + $"does not trust; check {TokenUrlName}, and the authorities that this machine knows."),
        FormResult.NotSent unsent => Fails(
            $"cannot be reached ({unsent.Reason}): check {TokenUrlName}, DNS and the way out of this network."),
        FormResult.InDoubt lost => Fails(
            $"takes the request and gives no answer ({lost.Reason}): check {TokenUrlName}, and the network between here and there."),
        FormResult.TooLarge => Fails($"answers with more than a token endpoint ever does: {WrongEndpoint}"),
        FormResult.Answered answer => ByCode(TokenError.Read(answer.Body), options) ?? ByStatus(answer, TokenError.FormOf(answer.Body)),
        _ => throw new InvalidOperationException("An unknown result of a form."),
    };

    /// <returns>Null where the answer has no known error code.</returns>
    private static (HealthStatus, string)? ByCode(TokenError? error, FathomOptions options) => error switch
    {
        null => null,
        { IsOfRedirectUri: true } => Fails(
            $"refuses the redirect URI: register exactly {options.RedirectUri} there, or set {SharedSettings.RedirectUriName} to what "
            + "is registered."),
        { Code: "invalid_grant" } => Sound("knows this client, and refuses a made-up code as it should (invalid_grant)."),
        { Code: "invalid_client" } => Fails(
            $"does not take this client (invalid_client): copy {Client} anew, both from one app; "
            + $"if they are right, set FATHOM_CLIENT_AUTH={OtherAuthentication(options)}."),
        { Code: "unauthorized_client" } => Fails(
            $"lets this client exchange no codes (unauthorized_client): compare {Client} with the app there, "
            + "and switch the authorization code grant on for it."),
        { Code: "unsupported_grant_type" } => Fails(
            $"exchanges no codes (unsupported_grant_type): switch the authorization code grant on there, or {WrongEndpoint}"),
        { Code: "invalid_scope" } => Fails("refuses the scope (invalid_scope): set FATHOM_SCOPE to what the app there may ask for."),
        { Code: "invalid_request" } => Unclear(
            "calls the request incomplete (invalid_request), as some do with a made-up code: compare "
            + "FATHOM_REDIRECT_URI, FATHOM_CLIENT_AUTH and FATHOM_PKCE with its documentation."),
        { Code: "temporarily_unavailable" or "server_error" } => Unclear(
            "cannot serve right now: run this again later, and look at the provider's status page."),
        _ => null,
    };

    private static (HealthStatus, string) ByStatus(FormResult.Answered answer, string form) => answer.Status switch
    {
        404 or 405 or 410 or 501 => Fails($"is no token endpoint (status {answer.Status}, {form}): {WrongEndpoint}"),
        401 => Fails($"does not take this client (status 401, {form}): copy {Client} anew, both from one app; or {WrongEndpoint}"),
        403 => Fails(
            $"refuses the call (status 403, {form}), as firewalls do: check {TokenUrlName}, and ask the provider about this machine's "
            + "address."),
        415 => Fails($"takes no forms (status 415), as token endpoints do: {WrongEndpoint}"),
        429 => Unclear("has had too many calls (status 429): run this again in a minute."),
        >= 500 => Unclear(
            $"answers with a server error ({answer.Status}): look at the provider's status page; if all is well there, check "
            + $"{TokenUrlName}."),
        >= 300 and < 400 => Fails(
            $"redirects{RedirectTarget(answer)} (status {answer.Status}), where no secret is sent: set {TokenUrlName} to the address that "
            + "answers itself."),
        >= 200 and < 300 when TokenResponse.Read(answer.Status, answer.Body, answer.Now) is TokenResult.Granted => Unclear(
            $"gives out tokens for a made-up code: it is a stand-in for tests. For real users, set {TokenUrlName} to the provider's."),
        400 or 422 when form == TokenError.OtherJson => Unclear(
            $"refuses the request with an unknown error (status {answer.Status}): compare {TokenUrlName}, {Client} with its "
            + "documentation."),
        _ => Fails($"does not answer as a token endpoint does (status {answer.Status}, {form}): {WrongEndpoint}"),
    };

    private static string RedirectTarget(FormResult.Answered answer) =>
        answer.Location is { IsAbsoluteUri: true } location ? $" to {location.Shown()}" : "";

    private static string OtherAuthentication(FathomOptions options) =>
        options.ClientAuthentication == ClientAuthentication.Post ? "basic" : "post";

    private static (HealthStatus, string) Sound(string finding) => (HealthStatus.Healthy, finding);

    private static (HealthStatus, string) Unclear(string finding) => (HealthStatus.Degraded, finding);

    private static (HealthStatus, string) Fails(string finding) => (HealthStatus.Unhealthy, finding);
}
