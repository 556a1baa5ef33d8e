using System.Net;
using FathomGateway.Settings;
using FathomGateway.Tls;
using FathomGateway.Users.Sources;

namespace FathomGateway.Users;

/// <summary>
/// Asks the backend about the user of a valid JWT, who may have signed out or been deleted since the JWT was signed. Off unless
/// <c>VERIFY_USER_URL</c> names a route that answers 2xx for an active user and 401, 403 or 404 for others.
/// </summary>
internal sealed class UserVerification(Uri? url) : IDisposable
{
    public const string UrlName = "VERIFY_USER_URL";

    /// <summary>The user waits for the result.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new(OutgoingHttp.CreateHandler(useProxy: false))
    {
        Timeout = Timeout,
        DefaultRequestHeaders = { UserAgent = { ProductInfo.UserAgent } },
    };

    /// <summary>The address may be http, because proxied requests carry every JWT to the backend in any case.</summary>
    public static UserVerification Read(SettingsReader settings)
    {
        settings.NoteDefault(UrlName, "off");
        return new UserVerification(settings.OptionalUrl(UrlName));
    }

    /// <summary>Null where the backend is not asked.</summary>
    public Uri? Url => url;

    /// <exception cref="UserVerificationUnavailableException">The backend could not be reached in time, or answered with another
    /// status.</exception>
    public async Task<bool> IsActiveAsync(FoundJwt jwt, CancellationToken cancel)
    {
        if (url is null) return true;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            jwt.AddTo(request);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (response.IsSuccessStatusCode) return true;
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound) return false;
            throw new UserVerificationUnavailableException($"The backend answered {(int)response.StatusCode}.");
        }
        catch (Exception failure) when (
            failure is HttpRequestException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new UserVerificationUnavailableException("The backend did not answer.", failure);
        }
    }

    public void Dispose() => _http.Dispose();
}
