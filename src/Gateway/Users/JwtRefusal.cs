namespace FathomGateway.Users;

/// <summary>Why a request has no valid JWT. Each value is a label of the metric and of the log.</summary>
internal enum JwtRefusal
{
    /// <summary>The request has none.</summary>
    Absent,

    /// <summary>The JWT is in another place than <c>JWT_SOURCE</c> names.</summary>
    Elsewhere,

    /// <summary>The JWT is in a cookie, and no page of an allowed origin sent the request.</summary>
    ForeignOrigin,

    /// <summary>The value is no JWT, holds two, or is too long.</summary>
    Malformed,

    /// <summary>No configured key verifies its algorithm.</summary>
    Algorithm,

    /// <summary>No configured key verifies its signature.</summary>
    Signature,

    /// <summary>Its <c>exp</c> has passed.</summary>
    Expired,

    /// <summary>Its <c>nbf</c> is in the future.</summary>
    NotYetValid,

    /// <summary>It has no <c>exp</c>.</summary>
    NoExpiry,

    /// <summary>Its <c>exp</c> is later than <c>JWT_MAX_LIFETIME</c> allows.</summary>
    LivesTooLong,

    /// <summary>Its <c>iss</c> is not the configured one.</summary>
    Issuer,

    /// <summary>Its <c>aud</c> is not the configured one.</summary>
    Audience,

    /// <summary>Its header's <c>typ</c> is not one of <c>JWT_TYPES</c>.</summary>
    Type,

    /// <summary>It lacks a claim of <c>JWT_REQUIRED_CLAIMS</c>.</summary>
    RequiredClaims,

    /// <summary>Its header lists extensions as critical (RFC 7515, section 4.1.11).</summary>
    CriticalHeader,

    /// <summary>No configured claim holds a user id.</summary>
    NoUserId,

    /// <summary>The backend, asked at <c>VERIFY_USER_URL</c>, rejects its user.</summary>
    Unwelcome,
}
