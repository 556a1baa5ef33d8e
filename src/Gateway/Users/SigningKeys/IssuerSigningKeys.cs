using FathomGateway.Settings;
using FathomGateway.Tls;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace FathomGateway.Users.SigningKeys;

/// <summary>
/// The signing keys of a key set or an issuer. For a token with an unknown key id the library refreshes the keys in the background and
/// refuses that token. Here the request waits for the refresh, so a key rotation of the issuer signs no user out.
/// </summary>
internal sealed class IssuerSigningKeys(JwtOptions options, TimeProvider time)
{
    /// <summary>
    /// Pause between two refreshes for unknown keys, the library's own. A sender of invented key ids causes one refresh and one wait in
    /// this time.
    /// </summary>
    private static readonly TimeSpan FetchInterval = TimeSpan.FromMinutes(5);

    /// <summary>Time limit of the fetch of one document, because the user waits for it.</summary>
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Longer than the two fetches of a refresh: the discovery document of an issuer, then its key set.</summary>
    private static readonly TimeSpan MaxWait = (2 * FetchTimeout) + TimeSpan.FromSeconds(1);

    /// <summary>Bytes of a key set or discovery document.</summary>
    private const int MaxKeySetBytes = 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _manager = Manager(options);
    private Task _fetch = Task.CompletedTask;
    private long? _begun;

    /// <summary>The keys that are known now; null where all keys are in the configuration.</summary>
    /// <exception cref="KeysUnavailableException">The keys have never been fetched, and the fetch fails. Without keys the library would
    /// call every signature invalid, and the holder of a valid token must not be told to sign in again.</exception>
    public async Task<OpenIdConnectConfiguration?> CurrentAsync(CancellationToken cancel)
    {
        if (_manager is null) return null;
        try
        {
            return await _manager.GetConfigurationAsync(cancel);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            throw new KeysUnavailableException(failure);
        }
    }

    /// <summary>Newer keys than the known ones, after a refresh; null where there are none.</summary>
    public async Task<OpenIdConnectConfiguration?> RefreshAsync(OpenIdConnectConfiguration known, CancellationToken cancel)
    {
        await FetchAsync(known).WaitAsync(cancel);
        return await CurrentAsync(cancel) is { } current && !ReferenceEquals(current, known) ? current : null;
    }

    /// <summary>Completes when a refresh has fetched other keys or its time is over. Starts one if the last is long enough ago.</summary>
    private Task FetchAsync(OpenIdConnectConfiguration known)
    {
        lock (_gate)
        {
            if (_begun is { } begun && time.GetElapsedTime(begun) < FetchInterval) return _fetch;
            _begun = time.GetTimestamp();
            return _fetch = RefreshUntilChangedAsync(known);
        }
    }

    private async Task RefreshUntilChangedAsync(OpenIdConnectConfiguration known)
    {
        var begun = time.GetTimestamp();
        _manager!.RequestRefresh();
        while (ReferenceEquals(await CurrentAsync(CancellationToken.None), known) && time.GetElapsedTime(begun) < MaxWait)
        {
            await Task.Delay(Pause, time);
        }
    }

    private static ConfigurationManager<OpenIdConnectConfiguration>? Manager(JwtOptions options)
    {
        if (options.KeysUrl is not { } url) return null;
        var http = new HttpClient(OutgoingHttp.CreateHandler(useProxy: true))
        {
            Timeout = FetchTimeout,
            MaxResponseContentBufferSize = MaxKeySetBytes,
            DefaultRequestHeaders = { UserAgent = { ProductInfo.UserAgent } },
        };
        // Addresses in the discovery document must be as safe as the document's own.
        var documents = new HttpDocumentRetriever(http) { RequireHttps = url.Scheme == Uri.UriSchemeHttps };
        // The retriever uses the machine's clock, as the library does for its pauses.
        return new(url.AbsoluteUri, new JwksRetriever(discovery: options.JwksUrl is null, TimeProvider.System), documents);
    }
}
