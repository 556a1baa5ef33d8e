using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Users;

/// <summary>
/// The issuers of docs/settings.md, with tokens laid out as theirs. <c>USER</c>, <c>ISSUER</c> and <c>project</c> are filled in.
/// </summary>
internal static class Issuers
{
    private const string Bearer = "Authorization: Bearer {jwt}\r\n";

    public static readonly IReadOnlyList<Issuer> All =
    [
        new("Express, a cookie", $"Cookie: i18n=en; token={{jwt}}\r\nOrigin: {TestSettings.FrontendUrl}\r\n", [
            ("HS256", "{}", """{"id":"USER"}""")], """ "id":null """),
        new("Express, `x-auth-token`", "x-auth-token: {jwt}\r\n", [
            ("HS256", "{}", """{"user":{"id":"USER"}}""")], """ "user":{"_id":"x"} """),
        new("Supabase, signing keys", Bearer, [("ES256", """{"kid":"ec"}""", SupabasePayload)], AnotherSupabase),
        new("Supabase, legacy secret", Bearer, [("HS256", """{"kid":"4oLzt2Dcb+4bBqnL"}""", SupabasePayload)], AnotherSupabase),
        new("Supabase, both", Bearer, [
            ("HS256", """{"kid":"4oLzt2Dcb+4bBqnL"}""", SupabasePayload), ("ES256", """{"kid":"ec"}""", SupabasePayload)], AnotherSupabase),
        new("Clerk", Bearer, [
            ("RS256", """{"cat":"cl_B7d4PD111AAA","kid":"rsa"}""", """
            {"azp":"https://app.example.com","fva":[1,-1],"iss":"ISSUER","jti":"2f0c3ba3d1b4d1f53a1e","nbf":1700000000,
             "sid":"sess_2b","sts":"active","sub":"USER","v":2}
            """)], """ "azp":"https://another.example.com" """),
        new("Firebase", Bearer, [
            ("RS256", """{"kid":"rsa"}""", """
            {"name":"Ann","iss":"ISSUER","aud":"project","auth_time":1700000000,"user_id":"USER","sub":"USER",
             "email":"ann@example.test","email_verified":true,
             "firebase":{"identities":{"google.com":["1"],"email":["ann@example.test"]},"sign_in_provider":"google.com"}}
            """)], """ "aud":"another-project" """),
        new("Auth0", Bearer, [
            ("RS256", """{"kid":"rsa"}""", """
            {"iss":"ISSUER","sub":"USER","aud":["project","https://tenant.auth0.com/userinfo"],"azp":"client","scope":"openid profile",
             "permissions":[]}
            """)], """ "aud":["another","https://tenant.auth0.com/userinfo"] """),
        new("Cognito", Bearer, [
            ("RS256", """{"typ":null,"kid":"rsa"}""", """
            {"sub":"USER","cognito:groups":["a"],"iss":"ISSUER","version":2,"client_id":"project","origin_jti":"o","event_id":"e",
             "token_use":"access","scope":"openid",
             "auth_time":1700000000,"jti":"j","username":"ann"}
            """)], """ "client_id":"another" """),
        new("Keycloak", Bearer, [
            ("RS256", """{"kid":"rsa"}""", """
            {"jti":"onrtac:1","iss":"ISSUER","aud":"account","sub":"USER","typ":"Bearer","azp":"project","sid":"s","acr":"1",
             "allowed-origins":["https://app.example.com"],
             "realm_access":{"roles":["offline_access"]},"resource_access":{"account":{"roles":["view-profile"]}},
             "scope":"email profile","preferred_username":"ann"}
            """)], """ "azp":"another" """),
        new("better-auth", Bearer, [
            ("ES256", """{"kid":"ec"}""", BetterAuthPayload), ("RS256", """{"kid":"rsa"}""", BetterAuthPayload)],
                """ "iss":"https://another.example.com" """),
    ];

    private const string AnotherSupabase = """ "iss":"https://another.supabase.co/auth/v1" """;

    private const string SupabasePayload = """
        {"iss":"ISSUER","sub":"USER","aud":"authenticated","email":"ann@example.test","phone":"",
         "app_metadata":{"provider":"email","providers":["email"]},
         "user_metadata":{"sub":"USER","email":"ann@example.test"},"role":"authenticated","aal":"aal1",
         "amr":[{"method":"password","timestamp":1700000000}],
         "session_id":"s","is_anonymous":false}
        """;

    private const string BetterAuthPayload = """
        {"name":"Ann","email":"ann@example.test","emailVerified":true,"image":null,"createdAt":"2026-01-01T00:00:00.000Z",
         "id":"USER","sub":"USER","iss":"ISSUER","aud":"ISSUER"}
        """;
}
