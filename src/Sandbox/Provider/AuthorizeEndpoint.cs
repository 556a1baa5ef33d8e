using System.Text;
using FathomGateway.Sandbox.Hosting;

namespace FathomGateway.Sandbox.Provider;

/// <summary>The authorization endpoint (RFC 6749 §3.1): asks a person for consent and sends the browser back.</summary>
internal static class AuthorizeEndpoint
{
    /// <summary>Shows the consent page, or an error page that says what is wrong with the request.</summary>
    public static IResult Ask(HttpContext context, ProviderSettings settings, PendingConsents pending)
    {
        // 1. Never redirect to an address that is not the registered one.
        if (AuthorizationRequest.FindRedirectFault(context.Request.Query, settings) is { } reason)
            return Html(context, StatusCodes.Status400BadRequest, "refused.html", ("reason", reason));

        // 2. From here on errors are sent to the client.
        var request = AuthorizationRequest.From(context.Request.Query);
        if (request.Error is { } error)
            return SeeOther(context, request.ErrorUrl(error));

        // 3. The person decides.
        return Html(context, StatusCodes.Status200OK, "consent.html",
            ("ticket", pending.Hold(request)),
            ("client", settings.ClientId),
            ("destination", new Uri(request.RedirectUri).Authority),
            ("account", Account.Of(context.Request).Name));
    }

    /// <summary>Takes the answer of the consent form.</summary>
    public static async Task<IResult> DecideAsync(
        HttpContext context, PendingConsents pending, AuthorizationCodes codes, CancellationToken cancellation)
    {
        if (!context.Request.HasFormContentType)
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        var form = await context.Request.ReadFormAsync(cancellation);

        var (allowed, account) = (form["decision"] == "allow", Account.Of(context.Request));
        var location = pending.Answer(form["ticket"].ToString(), request =>
            allowed ? request.CodeUrl(codes.Issue(request, account)) : request.ErrorUrl("access_denied"));
        return location is null
            ? Html(context, StatusCodes.Status400BadRequest, "refused.html", ("reason", "This page has been open for too long."))
            : SeeOther(context, location);
    }

    // 303, so that no browser repeats the form's POST at the client (RFC 9700 §4.12).
    private static IResult SeeOther(HttpContext context, string location)
    {
        context.Response.Headers.Location = location;
        context.Response.Headers.CacheControl = "no-store";
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static IResult Html(HttpContext context, int status, string page, params (string, string)[] values)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        // No form-action: browsers apply it to the redirect after the form as well, and that one leads to the client.
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";
        return Results.Content(Page.Fill($"Provider/Pages/{page}", values), "text/html", Encoding.UTF8, status);
    }
}
