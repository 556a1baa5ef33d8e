using System.Text;
using FathomGateway.Settings;
using FathomGateway.Settings.Warnings;

namespace FathomGateway.Users.SigningKeys;

/// <summary>Reads <c>JWT_SECRET</c>, the exact secret that the backend signs with.</summary>
internal static class JwtSecret
{
    public const string SecretName = "JWT_SECRET";
    public const string AllowShortName = "JWT_ALLOW_SHORT_SECRET";

    /// <summary>The shortest secret, in bytes (RFC 7518, section 3.2, for HS256).</summary>
    private const int MinBytes = 32;

    /// <summary>The library's shortest key for HS512, in bytes.</summary>
    private const int LibraryMinimum = 64;

    /// <param name="allowShort">Whether a secret of fewer than 32 bytes gives a warning instead of a fault.</param>
    public static SharedSecretKey Read(SettingsReader settings, string secret, bool allowShort)
    {
        if (IsPublic(secret))
        {
            settings.Fault(
                SecretName,
                $"holds a public key or a certificate, which others know and could sign with: move it to {JwtOptions.PublicKeyName}.");
        }
        else if (CommonSecrets.Contains(secret))
        {
            settings.Fault(
                SecretName,
                "is in lists of known secrets, so that anyone can sign in as any user: " +
                "give the backend a random one, such as `openssl rand -base64 48` prints.");
        }
        else if (Encoding.UTF8.GetByteCount(secret) < MinBytes)
        {
            ReportShortSecret(settings, allowShort);
        }
        else if (RepetitiveSecret.IsIn<char>(secret))
        {
            settings.Warn(
                $"{SecretName} repeats itself, so that it is guessed offline from any one JWT: give the backend a random one.");
        }

        if (SecretCopyErrors.Find(secret) is { } copyError)
        {
            settings.Warn(
                $"{SecretName} {copyError}. It is used unchanged. If the backend's secret lacks this, every JWT is rejected: remove it.");
        }

        return Key(Encoding.UTF8.GetBytes(secret));
    }

    /// <param name="bytes">UTF-8, as in Node's jsonwebtoken.</param>
    public static SharedSecretKey Key(byte[] bytes)
    {
        // HMAC pads short keys with zeros (RFC 2104, section 2) to a block of at least 64 bytes. The padded key verifies the same
        // signatures, and the library accepts it.
        if (bytes.Length < LibraryMinimum) Array.Resize(ref bytes, LibraryMinimum);
        return new SharedSecretKey(bytes);
    }

    private static void ReportShortSecret(SettingsReader settings, bool allowShort)
    {
        if (allowShort)
        {
            settings.Warn($"{SecretName} is shorter than {MinBytes} bytes: it can be guessed offline from any one JWT.");
            return;
        }

        settings.Fault(
            SecretName,
            $"is shorter than the {MinBytes} bytes that RFC 7518 section 3.2 asks for: " +
            $"use a longer one, or set {AllowShortName}=true until the backend has one.");
    }

    private static bool IsPublic(string secret) =>
        secret.Contains("-----BEGIN", StringComparison.Ordinal)
        && (secret.Contains("PUBLIC KEY-----", StringComparison.Ordinal) || secret.Contains("CERTIFICATE-----", StringComparison.Ordinal));
}
