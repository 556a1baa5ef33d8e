namespace FathomGateway.Users;

/// <summary>Why a request has no JWT that is believed: a word of the metric and of the log each.</summary>
internal enum JwtRefusal
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>There is one in another place than <c>JWT_SOURCE</c> names.</summary>
    Elsewhere,

    /// <summary>It is in a cookie, and no page of an allowed origin sent it.</summary>
    ForeignOrigin,

    /// <summary>It is no JWT, or two, or is too long.</summary>
    Malformed,

    /// <summary>No key that is set verifies its algorithm.</summary>
    Algorithm,

    /// <summary>No key that is set made its signature.</summary>
    Signature,

    /// <summary>Its <c>exp</c> is past.</summary>
    Expired,

    /// <summary>Its <c>nbf</c> is yet to come.</summary>
    NotYetValid,

    /// <summary>It has no <c>exp</c>.</summary>
    NoExpiry,

    /// <summary>It ends later than <c>JWT_MAX_LIFETIME</c> allows.</summary>
    LivesTooLong,

    /// <summary>Its <c>iss</c> is not the one that is set.</summary>
    Issuer,

    /// <summary>Its <c>aud</c> is not the one that is set.</summary>
    Audience,

    /// <summary>Its header's <c>typ</c> is not one of <c>JWT_TYPES</c>.</summary>
    Type,

    /// <summary>It lacks a claim of <c>JWT_REQUIRED_CLAIMS</c>.</summary>
    RequiredClaims,

    /// <summary>Its header lists extensions as critical (RFC 7515, section 4.1.11).</summary>
    CriticalHeader,

    /// <summary>None of its claims is a user id.</summary>
    NoUserId,

    /// <summary>The backend, asked at <c>VERIFY_USER_URL</c>, does not welcome its user.</summary>
    Unwelcome,
}
