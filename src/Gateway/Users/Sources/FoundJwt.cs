using Microsoft.Net.Http.Headers;

namespace FathomGateway.Users.Sources;

/// <summary>A JWT and the place in the request where it was found.</summary>
/// <param name="Field">The value of the field or cookie as it was sent.</param>
/// <param name="Jwt">The JWT alone. It is not verified yet.</param>
internal sealed record FoundJwt(JwtSource Source, string Field, string Jwt)
{
    /// <summary>Adds the JWT to a request to the backend in the place where the frontend sends it.</summary>
    public void AddTo(HttpRequestMessage request)
    {
        if (Source.Place == JwtPlace.Cookie) request.Headers.TryAddWithoutValidation(HeaderNames.Cookie, $"{Source.Name}={Field}");
        else request.Headers.TryAddWithoutValidation(Source.Name, Field);
    }

    /// <summary>Keeps the JWT out of logs, which a record's own text would print.</summary>
    public override string ToString() => Source.ToString();
}
