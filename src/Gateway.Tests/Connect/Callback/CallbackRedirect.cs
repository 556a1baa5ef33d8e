using System.Net;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>The addresses that a callback can send the browser to: there are no others.</summary>
internal static class CallbackRedirect
{
    public const string Page = TestSettings.FrontendUrl + "/dashboard";

    public const string Success = Page + "?fathom_successful=true";

    /// <summary>Every <c>fathom_error</c> that the README lists under "The public routes".</summary>
    public static readonly string[] Failures =
    [
        .. new[]
        {
            "access_denied", "invalid_state", "expired_state", "exchange_failed", "provider_unavailable", "temporarily_unavailable",
            "not_confirmed",
        }.Select(Failure),
    ];

    public static string Failure(string code) => $"{Page}?fathom_successful=false&fathom_error={code}";

    /// <summary>The Location of a callback's answer, after a look at everything that every such answer has in common.</summary>
    public static string Of(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(["no-referrer"], response.Headers.GetValues("Referrer-Policy"));
        Assert.Equal(0, response.Content.Headers.ContentLength);
        var location = Assert.Single(response.Headers.GetValues("Location"));
        Assert.Contains(location, Failures.Append(Success));
        return location;
    }
}
