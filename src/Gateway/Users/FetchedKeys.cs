using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace FathomGateway.Users;

/// <summary>
/// The keys of a key set or an issuer. The library fetches them again when a token names one that it does not know, but in the background, and refuses that token
/// meanwhile; here its user waits, so that a key which the issuer has rolled signs nobody out.
/// </summary>
internal sealed class FetchedKeys(IOptionsMonitor<JwtBearerOptions> monitor, TimeProvider time)
{
    /// <summary>The library's own pause between two fetches for unknown keys: whoever makes key ids up causes one fetch, and one wait, in that time.</summary>
    private static readonly TimeSpan FetchInterval = TimeSpan.FromMinutes(5);

    /// <summary>Longer than a fetch may take.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private Task _fetch = Task.CompletedTask;
    private long? _begun;

    private JwtBearerOptions Options => monitor.Get(JwtBearerDefaults.AuthenticationScheme);

    /// <summary>The keys as they are known now; null where the key is in the configuration.</summary>
    /// <exception cref="KeysUnavailableException">They have never been fetched, and cannot be. Without keys the library calls every token wrongly signed; whoever holds a good one must not be told to sign in again.</exception>
    public async Task<OpenIdConnectConfiguration?> CurrentAsync(CancellationToken cancel)
    {
        if (Options.ConfigurationManager is not { } keys) return null;
        try
        {
            return await keys.GetConfigurationAsync(cancel);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            throw new KeysUnavailableException(failure);
        }
    }

    /// <summary>Verifies a token once more, when other keys than the known ones have come; null where none have, or it is no good under those either.</summary>
    public async Task<JsonWebToken?> VerifyAgainAsync(string token, OpenIdConnectConfiguration known, CancellationToken cancel)
    {
        await FetchAsync(known).WaitAsync(cancel);
        if (await CurrentAsync(cancel) is not { } current || ReferenceEquals(current, known)) return null;
        var parameters = Options.TokenValidationParameters.Clone();
        parameters.IssuerSigningKeys = current.SigningKeys;
        parameters.ValidIssuer ??= current.Issuer;
        var result = await Options.TokenHandlers[0].ValidateTokenAsync(token, parameters);
        return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
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
        Options.ConfigurationManager!.RequestRefresh();
        while (ReferenceEquals(await CurrentAsync(CancellationToken.None), known) && time.GetElapsedTime(begun) < LongestWait) await Task.Delay(Pause, time);
    }
}
