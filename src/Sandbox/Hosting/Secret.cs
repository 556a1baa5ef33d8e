using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FathomGateway.Sandbox.Hosting;

/// <summary>Random values that cannot be guessed.</summary>
internal static class Secret
{
    private const int Bytes = 32; // 256 bits: twice what RFC 6749 §10.10 asks for.

    /// <summary>A new value of 43 URL-safe characters.</summary>
    /// <param name="prefix">Marks what kind of secret the value is.</param>
    public static string New(string prefix = "") => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Compares in constant time.</summary>
    public static bool Equal(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
