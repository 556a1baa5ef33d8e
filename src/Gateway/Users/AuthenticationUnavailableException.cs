namespace FathomGateway.Users;

/// <summary>A token cannot be judged now because of a fault of the gateway, the issuer or the backend, not of the token.</summary>
internal abstract class AuthenticationUnavailableException(string message, Exception? inner) : Exception(message, inner);

/// <summary>The keys that verify JWTs could not be fetched, or are unusable.</summary>
internal sealed class KeysUnavailableException(Exception inner)
    : AuthenticationUnavailableException("The keys to verify JWTs with could not be fetched.", inner)
{
    /// <summary>What was fetched instead of usable keys, as a predicate; null where nothing was.</summary>
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

/// <summary>A fetched key set has no usable key. The message says what it is instead, as a predicate.</summary>
internal sealed class UnusableKeySetException(string kind) : Exception(kind);

/// <summary>The backend could not be asked about the user of a JWT.</summary>
internal sealed class UserVerificationUnavailableException(
    string message, Exception? inner = null) : AuthenticationUnavailableException(message, inner);
