namespace FathomGateway.Users;

/// <summary>Whether a token is good cannot be said now: a fault of ours, of the issuer's or of the backend's, not of the token.</summary>
internal abstract class UserUnknownException(string message, Exception? inner) : Exception(message, inner);

/// <summary>The keys that JWTs are verified with could not be fetched.</summary>
internal sealed class KeysUnavailableException(Exception inner) : UserUnknownException("The keys to verify JWTs with could not be fetched.", inner);

/// <summary>The backend could not be asked about the user of a JWT.</summary>
internal sealed class UserVerificationUnavailableException(string message, Exception? inner = null) : UserUnknownException(message, inner);
