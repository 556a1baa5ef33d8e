using FathomGateway.Settings;
using FathomGateway.Tls;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace FathomGateway.Users.SigningKeys;

/// <summary>
/// The keys of a key set or an issuer. The library fetches them again when a token names one that it does not know, but in the background, and refuses that token
/// meanwhile; here its user waits, so that a key which the issuer has rolled signs nobody out.
/// </summary>
internal sealed class IssuerSigningKeys(JwtOptions options, TimeProvider time)
{
    /// <summary>The library's own pause between two fetches for unknown keys: whoever makes key ids up causes one fetch, and one wait, in that time.</summary>
    private static readonly TimeSpan FetchInterval = TimeSpan.FromMinutes(5);

    /// <summary>Longer than a fetch may take.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>How long fetching keys may take: the user waits for it.</summary>
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Most bytes of a key set or discovery document.</summary>
    private const int LargestKeySet = 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _manager = Manager(options);
    private Task _fetch = Task.CompletedTask;
    private long? _begun;

    /// <summary>The keys as they are known now; null where all keys are in the configuration.</summary>
    /// <exception cref="KeysUnavailableException">They have never been fetched, and cannot be. Without keys the library calls every token wrongly signed; whoever holds a good one must not be told to sign in again.</exception>
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

    /// <summary>Other keys than the known ones, once they have come; null where none have.</summary>
    public async Task<OpenIdConnectConfiguration?> OthersAsync(OpenIdConnectConfiguration known, CancellationToken cancel)
    {
        await FetchAsync(known).WaitAsync(cancel);
        return await CurrentAsync(cancel) is { } current && !ReferenceEquals(current, known) ? current : null;
    }

    /// <summary>Ends when a fetch has brought other keys, or has had time enough; begins one if the last is long enough ago.</summary>
    private Task FetchAsync(OpenIdConnectConfiguration known)
    {
        lock (_gate)
        {
            if (_begun is { } begun && time.GetElapsedTime(begun) < FetchInterval) return _fetch;
            _begun = time.GetTimestamp();
            return _fetch = OtherThanAsync(known);
        }
    }

    private async Task OtherThanAsync(OpenIdConnectConfiguration known)
    {
        var begun = time.GetTimestamp();
        _manager!.RequestRefresh();
        while (ReferenceEquals(await CurrentAsync(CancellationToken.None), known) && time.GetElapsedTime(begun) < LongestWait) await Task.Delay(Pause, time);
    }

    private static ConfigurationManager<OpenIdConnectConfiguration>? Manager(JwtOptions options)
    {
        if (options.KeysUrl is not { } url) return null;
        var http = new HttpClient(OutgoingHttp.CreateHandler())
        {
            Timeout = FetchTimeout,
            MaxResponseContentBufferSize = LargestKeySet,
            DefaultRequestHeaders = { UserAgent = { ProductInfo.UserAgent } },
        };
        // What the discovery document names is fetched as safely as the document itself.
        var documents = new HttpDocumentRetriever(http) { RequireHttps = url.Scheme == Uri.UriSchemeHttps };
        // The memory of a failure is measured by the machine's clock, as the library measures its own pauses.
        return new(url.AbsoluteUri, new JwksRetriever(discovery: options.JwksUrl is null, TimeProvider.System), documents);
    }
}
