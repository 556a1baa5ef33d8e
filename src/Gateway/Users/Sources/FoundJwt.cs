using Microsoft.Net.Http.Headers;

namespace FathomGateway.Users.Sources;

/// <summary>A JWT, and where it was found.</summary>
/// <param name="Field">The value of the field or cookie as it was sent.</param>
/// <param name="Jwt">The JWT alone; nothing says yet that it is one.</param>
internal sealed record FoundJwt(JwtSource Source, string Field, string Jwt)
{
    /// <summary>Lays the JWT into a request to the backend, which looks for it where the frontend puts it.</summary>
    public void AddTo(HttpRequestMessage request)
    {
        if (Source.Place == JwtPlace.Cookie) request.Headers.TryAddWithoutValidation(HeaderNames.Cookie, $"{Source.Name}={Field}");
        else request.Headers.TryAddWithoutValidation(Source.Name, Field);
    }

    /// <summary>A record would print the JWT.</summary>
    public override string ToString() => Source.ToString();
}
