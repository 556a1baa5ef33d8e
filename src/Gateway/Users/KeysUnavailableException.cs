namespace FathomGateway.Users;

/// <summary>The keys that JWTs are verified with could not be fetched: a fault of ours or of the issuer's, not of the token.</summary>
internal sealed class KeysUnavailableException(Exception inner) : Exception("The keys to verify JWTs with could not be fetched.", inner);
