namespace FathomGateway.Users;

/// <summary>Whether a token is good cannot be said now: a fault of ours, of the issuer's or of the backend's, not of the token.</summary>
internal abstract class AuthenticationUnavailableException(string message, Exception? inner) : Exception(message, inner);

/// <summary>The keys that JWTs are verified with could not be fetched, or are none.</summary>
internal sealed class KeysUnavailableException(Exception inner)
    : AuthenticationUnavailableException("The keys to verify JWTs with could not be fetched.", inner)
{
    /// <summary>What was fetched in place of usable keys, as the end of a sentence; null where nothing was.</summary>
    public string? Kind
    {
        get
        {
            var failure = InnerException;
            while (failure is not (null or UnusableKeySetException)) failure = failure.InnerException;
            return failure?.Message;
        }
    }
}

/// <summary>
/// A key set was fetched and has no key that JWTs can be verified with; the message says what it is instead, as the end of a sentence.
/// </summary>
internal sealed class UnusableKeySetException(string kind) : Exception(kind);

/// <summary>The backend could not be asked about the user of a JWT.</summary>
internal sealed class UserVerificationUnavailableException(string message, Exception? inner = null) : AuthenticationUnavailableException(message, inner);
