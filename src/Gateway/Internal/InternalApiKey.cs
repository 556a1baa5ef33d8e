using System.Security.Cryptography;
using System.Text;
using FathomGateway.Settings;
using FathomGateway.Settings.Warnings;

namespace FathomGateway.Internal;

/// <summary>The API key of the internal listener's routes about users, sent as a bearer token (RFC 6750, section 2.1).</summary>
internal sealed class InternalApiKey
{
    public const string ApiKeyName = "INTERNAL_API_KEY";

    private const string Scheme = "Bearer ";

    /// <summary>A shorter key gets a warning at the start. 32 hexadecimal characters hold 128 bits.</summary>
    private const int MinKeyLength = 32;

    private readonly byte[]? _digest;

    private InternalApiKey(byte[]? digest) => _digest = digest;

    /// <summary>Whether a key is configured. Without one the routes do not exist.</summary>
    public bool IsSet => _digest is not null;

    /// <summary>A short key gives a warning, not a fault: it must not take the backend behind the proxy offline.</summary>
    public static InternalApiKey Read(SettingsReader settings)
    {
        settings.NoteDefault(ApiKeyName, "routes off");
        if (settings.Secret(ApiKeyName) is not { } key) return new InternalApiKey(null);
        if (key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            settings.Fault(
                ApiKeyName,
                "holds blanks or characters outside ASCII, which no Authorization field carries: make one with openssl rand -hex 32.");
        }
        else if (key.Length < MinKeyLength)
        {
            settings.Warn(
                $"{ApiKeyName} has fewer than {MinKeyLength} characters, and it opens every user's tokens: make one with openssl "
                    + "rand -hex 32.");
        }
        else if (RepetitiveSecret.IsIn<char>(key))
        {
            settings.Warn($"{ApiKeyName} repeats itself, and it opens every user's tokens: make one with openssl rand -hex 32.");
        }

        return new InternalApiKey(Digest(key));
    }

    /// <summary>Whether the request carries the key. Compares digests, so that the time reveals neither content nor length.</summary>
    public bool Matches(HttpRequest request)
    {
        var credentials = request.Headers.Authorization.ToString();
        return _digest is not null
            && credentials.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Digest(credentials[Scheme.Length..].Trim(' ')), _digest);
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
