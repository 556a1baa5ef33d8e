using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>
/// What can be wrong with the provider's settings, by what the token endpoint then answers, and the words that doctor has to find for it.
/// </summary>
internal static class WrongProviderSetUps
{
    private const HealthStatus Fail = HealthStatus.Unhealthy, Warn = HealthStatus.Degraded;
    private const string Html = "<!DOCTYPE html><html><body>Not found</body></html>";
    private const string EveryReason =
        "The authorization grant is invalid, expired, revoked, does not match the redirection URI, or was issued to another client.";

    /// <summary>Status, body and further fields of the answer; the verdict; words that have to stand in it.</summary>
    public static TheoryData<int, string, string, HealthStatus, string[]> Answers => new()
    {
        // A sound set-up: the client is known, and the code is not.
        { 400, Error("invalid_grant"), "", HealthStatus.Healthy, ["knows this client", "invalid_grant"] },
        { 400, Error("invalid_grant", EveryReason), "", HealthStatus.Healthy, ["knows this client"] },
        { 401, Error("invalid_grant"), "", HealthStatus.Healthy, ["knows this client"] },
        { 200, Error("invalid_grant"), "", HealthStatus.Healthy, ["knows this client"] },
        // A wrong client or secret.
        { 401, Error("invalid_client"), "", Fail, ["FATHOM_CLIENT_ID and FATHOM_CLIENT_SECRET", "FATHOM_CLIENT_AUTH=basic"] },
        { 400, Error("invalid_client"), "", Fail, ["FATHOM_CLIENT_ID and FATHOM_CLIENT_SECRET"] },
        { 401, """{"message":"Unauthorized"}""", "", Fail, ["FATHOM_CLIENT_ID and FATHOM_CLIENT_SECRET"] },
        { 401, Error("Unauthorized"), "", Fail, ["FATHOM_CLIENT_ID and FATHOM_CLIENT_SECRET"] },
        { 400, Error("unauthorized_client"), "", Fail, ["FATHOM_CLIENT_ID and FATHOM_CLIENT_SECRET", "authorization code grant"] },
        // A wrong redirect URI.
        { 400, Error("redirect_uri_mismatch"), "", Fail, [$"register exactly {TestSettings.RedirectUri}", "FATHOM_REDIRECT_URI"] },
        { 400, Error("invalid_redirect_uri"), "", Fail, ["FATHOM_REDIRECT_URI"] },
        { 400, Error("invalid_request", "Redirect URI mismatch"), "", Fail, ["FATHOM_REDIRECT_URI"] },
        { 400, Error("invalid_grant", "Incorrect redirect_uri"), "", Fail, ["FATHOM_REDIRECT_URI"] },
        // A wrong endpoint.
        { 404, Html, "", Fail, ["no token endpoint", "404", "a page of HTML", "correct FATHOM_TOKEN_URL"] },
        { 404, Error("Not Found"), "", Fail, ["no token endpoint", "correct FATHOM_TOKEN_URL"] },
        { 404, "", "", Fail, ["no body", "correct FATHOM_TOKEN_URL"] },
        { 405, "", "", Fail, ["no token endpoint", "405", "correct FATHOM_TOKEN_URL"] },
        { 200, Html, "", Fail, ["a page of HTML", "correct FATHOM_TOKEN_URL"] },
        { 200, "OK", "", Fail, ["not JSON", "correct FATHOM_TOKEN_URL"] },
        { 200, """{"status":"ok"}""", "", Fail, ["correct FATHOM_TOKEN_URL"] },
        { 415, """{"message":"Unsupported"}""", "", Fail, ["takes no forms", "correct FATHOM_TOKEN_URL"] },
        { 400, Error("unsupported_grant_type"), "", Fail, ["authorization code grant", "correct FATHOM_TOKEN_URL"] },
        {
            301, "", "Location: https://token.example.test/oauth/token?key=hidden\r\n", Fail,
            ["redirects to https://token.example.test/oauth/token (status 301)", "set FATHOM_TOKEN_URL"]
        },
        { 302, Html, "Location: /login\r\n", Fail, ["redirects (status 302)", "set FATHOM_TOKEN_URL"] },
        // What stands in between, and what is unclear.
        { 403, Html, "", Fail, ["firewalls", "this machine's address"] },
        { 400, Error("invalid_request"), "", Warn, ["FATHOM_REDIRECT_URI", "FATHOM_CLIENT_AUTH", "FATHOM_PKCE"] },
        { 400, Error("bad_verification_code"), "", Warn, ["FATHOM_TOKEN_URL"] },
        { 400, Error("invalid_scope"), "", Fail, ["FATHOM_SCOPE"] },
        { 429, "", "Retry-After: 5\r\n", Warn, ["too many calls", "in a minute"] },
        { 503, Html, "", Warn, ["503", "status page"] },
        { 200, """{"access_token":"a","token_type":"Bearer"}""", "", Warn, ["stand-in for tests", "FATHOM_TOKEN_URL"] },
    };

    private static string Error(string code, string? description = null) => description is null
        ? $$"""{"error":"{{code}}"}"""
        : $$"""{"error":"{{code}}","error_description":"{{description}}"}""";
}
