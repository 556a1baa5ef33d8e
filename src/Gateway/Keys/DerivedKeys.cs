namespace FathomGateway.Keys;

/// <summary>
/// The keys of a ring, derived for one purpose. Each is derived once: a derivation takes two HMACs, and a use of the result takes one.
/// </summary>
internal sealed class DerivedKeys(KeyRing ring, string purpose)
{
    private readonly Dictionary<EncryptionKey, byte[]> _keys = ring.Keys.ToDictionary(key => key, key => key.Derive(purpose));

    /// <summary>The key that new signatures are made with.</summary>
    public byte[] Current => _keys[ring.Current];

    /// <param name="key">A key of the ring.</param>
    public byte[] Of(EncryptionKey key) => _keys[key];
}
