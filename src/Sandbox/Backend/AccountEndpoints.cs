namespace FathomGateway.Sandbox.Backend;

/// <summary>Sign-in, and what a person sees after it.</summary>
internal static class AccountEndpoints
{
    /// <summary><c>POST /auth/login {"user":"ann"}</c> → <c>{"token":…}</c>. A stub: the name is enough.</summary>
    public static IResult SignIn(SignInRequest request, SignInTokens tokens) => Person.Find(request.User) is { } person
        ? Results.Json(new { token = tokens.Issue(person) })
        : Unauthorized("Nobody of that name has an account.");

    /// <summary><c>GET /api/me</c>: who is signed in.</summary>
    public static Task<IResult> Me(HttpContext context, SignInTokens tokens) =>
        ForPersonAsync(context, tokens, person => new { person.Id, person.Name, person.Email });

    /// <summary><c>GET /api/projects</c>: what that person works on.</summary>
    public static Task<IResult> Projects(HttpContext context, SignInTokens tokens) =>
        ForPersonAsync(context, tokens, person => person.Projects);

    private static Task<IResult> ForPersonAsync(HttpContext context, SignInTokens tokens, Func<Person, object> answer) =>
        ForPersonAsync(context, tokens, person => Task.FromResult(Results.Json(answer(person))));

    /// <summary>Answers 401 unless the JWT names a person.</summary>
    public static async Task<IResult> ForPersonAsync(HttpContext context, SignInTokens tokens, Func<Person, Task<IResult>> answer) =>
        await tokens.AuthenticateAsync(context.Request.Headers.Authorization.ToString()) is { } person
            ? await answer(person)
            : Unauthorized("Sign in first.");

    private static IResult Unauthorized(string error) => Results.Json(new { error }, statusCode: StatusCodes.Status401Unauthorized);
}

/// <summary>Body of <c>POST /auth/login</c>: the id of the person who signs in.</summary>
internal sealed record SignInRequest(string? User);
