using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users.SigningKeys;

/// <summary>
/// A shared secret as a key that the library can name without telling of it. The library names a key in its messages by its thumbprint
/// (RFC 7638), which is a hash of the secret: whoever reads a log could try short secrets against it.
/// </summary>
internal sealed class SharedSecretKey(byte[] secret) : SymmetricSecurityKey(secret)
{
    /// <summary>Length of a thumbprint in bytes: SHA-256.</summary>
    private const int Length = 32;

    private readonly byte[] _name = RandomNumberGenerator.GetBytes(Length);

    /// <summary>Random, for as long as the process lives: the library also looks its verifiers up by it.</summary>
    public override byte[] ComputeJwkThumbprint() => _name;
}
