using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users.SigningKeys;

/// <summary>
/// Fetches keys for the library's key cache, from a JSON Web Key Set or through a discovery document. After a failure it fails at once for
/// a short time: the cache sends one request after the other, and each would wait for the same timeout.
/// </summary>
/// <param name="discovery">Whether the address is a discovery document's.</param>
internal sealed class JwksRetriever(bool discovery, TimeProvider time) : IConfigurationRetriever<OpenIdConnectConfiguration>
{
    /// <summary>How long a failure is remembered. A user can wait that long, and many requests share one fetch.</summary>
    private static readonly TimeSpan FailureCacheTime = TimeSpan.FromSeconds(3);

    private volatile Failure? _last;

    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(
        string address, IDocumentRetriever retriever, CancellationToken cancel)
    {
        if (_last is { } last && time.GetElapsedTime(last.At) < FailureCacheTime)
        {
            throw new IOException("Fetching keys has just failed.", last.Reason);
        }

        try
        {
            var configuration = discovery
                ? await OpenIdConnectConfigurationRetriever.GetAsync(address, retriever, cancel)
                : await SetAsync(address, retriever, cancel);
            KeepAsymmetric(configuration);
            _last = null;
            return configuration;
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            _last = new Failure(time.GetTimestamp(), failure);
            throw;
        }
    }

    private static async Task<OpenIdConnectConfiguration> SetAsync(string address, IDocumentRetriever retriever, CancellationToken cancel)
    {
        var text = await retriever.GetDocumentAsync(address, cancel);
        if (JwksDiagnosis.OfText(text) is { } kind) throw new UnusableKeySetException(kind);
        var keys = new JsonWebKeySet(text);
        var configuration = new OpenIdConnectConfiguration { JsonWebKeySet = keys };
        foreach (var key in keys.GetSigningKeys()) configuration.SigningKeys.Add(key);
        return configuration;
    }

    /// <summary>Removes shared secrets. Fetched keys are public, so anyone could sign with such a secret.</summary>
    private static void KeepAsymmetric(OpenIdConnectConfiguration configuration)
    {
        var unusable = configuration.SigningKeys.Where(key => key is SymmetricSecurityKey || JwtAlgorithms.Of(key).Count == 0);
        foreach (var key in unusable.ToArray()) configuration.SigningKeys.Remove(key);
        if (configuration.SigningKeys.Count > 0) return;
        throw new UnusableKeySetException(JwksDiagnosis.Of(configuration.JsonWebKeySet?.Keys ?? []));
    }

    private sealed record Failure(long At, Exception Reason);
}
