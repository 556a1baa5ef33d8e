using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users.SigningKeys;

/// <summary>
/// A shared secret whose name in the library's messages reveals nothing. The library names a key by its thumbprint (RFC 7638), a hash of
/// the secret, so a reader of the log could test short secrets against it.
/// </summary>
internal sealed class SharedSecretKey(byte[] secret) : SymmetricSecurityKey(secret)
{
    /// <summary>Length of a SHA-256 thumbprint in bytes.</summary>
    private const int Length = 32;

    private readonly byte[] _name = RandomNumberGenerator.GetBytes(Length);

    /// <summary>Random and constant for the life of the process, because the library also uses it to look up its verifiers.</summary>
    public override byte[] ComputeJwkThumbprint() => _name;
}
