namespace FathomGateway.Sandbox.Provider;

/// <summary>Accepts API requests with a valid access token, within the account's rate limit.</summary>
internal sealed class BearerAccess(Grants grants, CallLimit limit)
{
    private const string Scheme = "Bearer ";

    /// <summary>Answers the account of the token; 401 without one (RFC 6750 §3.1), 429 beyond the limit.</summary>
    public IResult Answer(HttpContext context, Func<Account, IResult> answer)
    {
        if (AccountOf(context.Request.Headers.Authorization.ToString()) is not { } account)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return Results.Json(new { Error = "invalid_token" }, statusCode: StatusCodes.Status401Unauthorized);
        }

        return limit.Take(account, context.Response.Headers)
            ? answer(account)
            : Results.Json(new { Error = "too_many_requests" }, statusCode: StatusCodes.Status429TooManyRequests);
    }

    private Account? AccountOf(string authorization) => authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        ? grants.AccountOf(authorization[Scheme.Length..].Trim())
        : null;
}
