namespace FathomGateway.Sandbox.Provider;

/// <summary>Lets requests of the API pass that bring a good access token, as many as the account's limit allows.</summary>
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
